import type { Artifacts } from '../../../electron/device/artifacts.ts';
import type { DeviceFacts, KernelFacts, PlaceFacts } from '../../../electron/device/facts.ts';

/** A device on which everything is there; tests say what is different. */
export function deviceFacts(
  more: Partial<Omit<DeviceFacts, 'kernel'>> & { kernel?: Partial<KernelFacts> } = {},
): DeviceFacts {
  const { kernel, ...rest } = more;
  return {
    hostname: 'edge',
    machine: 'x86_64',
    arch: 'x86_64',
    kernelRelease: '6.1.0-50-amd64',
    osName: 'Debian GNU/Linux 12 (bookworm)',
    uid: 0,
    user: 'root',
    home: '/root',
    sudo: 'root',
    node: { path: '/usr/bin/node', version: '18.19.0' },
    libc: { kind: 'glibc', version: '2.36' },
    bootId: 'b',
    onlineCpus: 2,
    memoryKb: 1_000_000,
    memoryAvailableKb: 800_000,
    clockOffsetMs: 0,
    places: null,
    ...rest,
    kernel: {
      btf: true,
      kallsyms: true,
      tracefs: true,
      bpffs: true,
      cgroup2: true,
      perfEventParanoid: 2,
      unprivilegedBpfDisabled: 2,
      kptrRestrict: 0,
      lockdown: 'none',
      config: { BPF_SYSCALL: 'y', BPF_EVENTS: 'y', PERF_EVENTS: 'y', CGROUP_BPF: 'y' },
      ...kernel,
    },
  };
}

export function place(dir: string, more: Partial<PlaceFacts> = {}): PlaceFacts {
  return {
    dir,
    state: 'ok',
    freeKb: 500_000,
    memory: false,
    files: {},
    sums: {},
    checkedNode: null,
    runs: [],
    ...more,
  };
}

const artifact = (name: string, bytes: number) => ({
  name,
  bytes,
  sha256: 'a'.repeat(64),
  travelBytes: bytes,
  read: () => Promise.resolve(Buffer.alloc(bytes)),
});

export function artifacts(more: Partial<Artifacts> = {}): Artifacts {
  return {
    loader: artifact('loader-0123456789ab', 420_000),
    agent: { ...artifact('agent-0123456789ab.cjs', 200_000), plainSha256: 'b'.repeat(64) },
    node: { ...artifact('node-0123456789ab', 86_000_000), version: '20.20.2' },
    ...more,
  };
}
