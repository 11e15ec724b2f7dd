/** Reading of what DETECT_SCRIPT says. Pure; every text comes from the device and passes safeText. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import { safeText } from '../../remote-agent/protocol/text.ts';
import type { DeviceFacts, KernelFacts, LoaderArch, NodeFacts, SudoState } from './facts.ts';
import { parsePlaces } from './parse-places.ts';
import { isSafeWord } from './script.ts';
import type { Sections } from './sections.ts';

const MAX_TEXT = 200;

/** uname -m → the loader that runs there. 64-bit x86 kernels may carry a 32-bit user space: the static loader does not mind. */
const MACHINES: Readonly<Record<string, LoaderArch>> = {
  x86_64: 'x86_64',
  amd64: 'x86_64',
  aarch64: 'aarch64',
  arm64: 'aarch64',
  armv7l: 'armv7l',
  armv8l: 'armv7l',
};

export function parseFacts(sections: Sections, nowMs: number): DeviceFacts {
  const [system = '', hostname = '', kernelRelease = '', machine = ''] = (sections.uname[0] ?? '').split(' ');
  if (system !== 'Linux') notLinux(system);
  const arch =
    MACHINES[machine] ??
    raise(
      'unsupported-machine',
      `cannot look into this device: there is no loader for its processor (${text(machine)})`,
      'x86-64, 64-bit ARM and ARMv7 can be looked into.',
    );
  const files = cutFiles(sections['files-of-the-kernel']);
  const memory = meminfo(files['/proc/meminfo'] ?? []);
  const id = /uid=(\d+)(?:\(([^)]*)\))?/.exec(sections.id[0] ?? '');
  return {
    hostname: text(hostname),
    machine: text(machine),
    arch,
    kernelRelease: text(kernelRelease),
    osName: osName(files['/etc/os-release'] ?? []),
    uid: Number(id?.[1] ?? -1),
    user: text(id?.[2] ?? id?.[1] ?? ''),
    home: text(sections.home[0] ?? ''),
    sudo: sudoState(sections.sudo),
    node: newestNode(sections.node),
    libc: libcOf(sections),
    bootId: text(files['/proc/sys/kernel/random/boot_id']?.[0] ?? ''),
    onlineCpus: countCpus(files['/sys/devices/system/cpu/online']?.[0] ?? ''),
    memoryKb: memory['MemTotal'] ?? 0,
    memoryAvailableKb: memory['MemAvailable'] ?? 0,
    // A second's resolution: BusyBox's date has no more. Enough to tell a clock that is wrong.
    clockOffsetMs: sections.clock[0] ? Number(sections.clock[0]) * 1000 - nowMs : 0,
    kernel: kernelFacts(sections, files),
    places: sections.places.length > 0 ? parsePlaces(sections, files['/proc/mounts'] ?? []) : null,
  };
}

function notLinux(system: string): never {
  return raise(
    'not-linux',
    system === ''
      ? 'cannot look into this device: it answers, but its shell runs no commands'
      : `cannot look into this device: it runs ${text(system)}, not Linux`,
    'Sonde needs a Linux device with an ordinary shell for the user that logs in.',
  );
}

function kernelFacts(sections: Sections, files: Readonly<Record<string, readonly string[]>>): KernelFacts {
  const types = new Set((files['/proc/mounts'] ?? []).map((line) => line.split(' ')[2]));
  const number = (file: string): number | null => {
    const line = files[file]?.[0];
    return line === undefined || line === '' ? null : Number(line);
  };
  return {
    btf: sections.present.includes('btf'),
    kallsyms: sections.present.includes('kallsyms'),
    tracefs: types.has('tracefs') || types.has('debugfs'),
    bpffs: types.has('bpf'),
    cgroup2: types.has('cgroup2'),
    perfEventParanoid: number('/proc/sys/kernel/perf_event_paranoid'),
    unprivilegedBpfDisabled: number('/proc/sys/kernel/unprivileged_bpf_disabled'),
    kptrRestrict: number('/proc/sys/kernel/kptr_restrict'),
    lockdown: /\[(\w+)\]/.exec(files['/sys/kernel/security/lockdown']?.[0] ?? '')?.[1] ?? null,
    config: configOf(sections.config),
  };
}

function configOf(lines: readonly string[]): Record<string, string> | null {
  if (!lines.includes('readable')) return null;
  return Object.fromEntries(
    lines.flatMap((line) =>
      [...line.matchAll(/^CONFIG_(\w+)=(\w+)$/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
    ),
  );
}

/** "==> /proc/meminfo <==" headlines of head. */
function cutFiles(lines: readonly string[]): Record<string, string[]> {
  const files: Record<string, string[]> = {};
  let current: string[] | null = null;
  for (const line of lines) {
    const name = /^==> (.+) <==$/.exec(line)?.[1];
    if (name) files[name] = current = [];
    else current?.push(line);
  }
  return files;
}

function meminfo(lines: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    lines.flatMap((line) =>
      [...line.matchAll(/^(\w+):\s+(\d+) kB/g)].map((match) => [match[1] ?? '', Number(match[2])]),
    ),
  );
}

function osName(lines: readonly string[]): string {
  const value = lines.find((line) => line.startsWith('PRETTY_NAME='))?.slice('PRETTY_NAME='.length) ?? 'Linux';
  return text(value.replace(/^(["'])(.*)\1$/, '$2'));
}

/** "0-3,6" → 5 */
function countCpus(list: string): number {
  let count = 0;
  for (const part of list.split(',')) {
    const [first, last = first] = part.split('-');
    if (first !== undefined && first !== '') count += Number(last) - Number(first) + 1;
  }
  return Math.max(1, count);
}

function sudoState(lines: readonly string[]): SudoState {
  const said = lines.join('\n');
  if (lines.includes('root')) return 'root';
  if (lines.includes('sudo-free')) return 'free';
  if (lines.includes('doas-free')) return 'doas';
  if (!lines.includes('sudo')) return 'missing';
  return /not in the sudoers|may not run|not allowed/i.test(said) ? 'denied' : 'password';
}

function newestNode(lines: readonly string[]): NodeFacts | null {
  const found = lines.flatMap((line) => {
    const [path = '', version = ''] = line.split(' ');
    return /^v\d+\.\d+\.\d+$/.test(version) && path.startsWith('/') && isSafeWord(path)
      ? [{ path, version: version.slice(1) }]
      : [];
  });
  return found.toSorted((a, b) => majorOf(b.version) - majorOf(a.version))[0] ?? null;
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10) || 0;
}

function libcOf(sections: Sections): DeviceFacts['libc'] {
  const version = /^glibc ([\d.]+)/.exec(sections.libc[0] ?? '')?.[1] ?? '';
  if (version !== '' || sections.present.includes('glibc')) return { kind: 'glibc', version };
  return { kind: sections.present.includes('musl') ? 'musl' : 'unknown', version: '' };
}

function text(raw: string): string {
  return safeText(raw, MAX_TEXT);
}
