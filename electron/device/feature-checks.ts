/** What one look at the device says about each kernel feature. The loader has the last word: it really loads programs. */
import type { FeatureId } from '../../remote-agent/protocol/features.ts';
import type { DeviceFacts } from './facts.ts';

export type Finding =
  | { readonly state: 'there'; readonly found: string }
  | { readonly state: 'unknown'; readonly found: string }
  | { readonly state: 'missing'; readonly found: string; readonly hint: string };

const there = (found: string): Finding => ({ state: 'there', found });
const unknown = (found: string): Finding => ({ state: 'unknown', found });
const missing = (found: string, hint: string): Finding => ({ state: 'missing', found, hint });

export const FEATURE_CHECKS: Readonly<Record<FeatureId, (facts: DeviceFacts) => Finding>> = {
  bpf: ({ kernel }) => {
    const { config, lockdown } = kernel;
    if (lockdown === 'confidentiality')
      return missing(
        'the kernel is locked down (confidentiality)',
        'Boot without lockdown=confidentiality, or with lockdown=integrity.',
      );
    for (const option of ['BPF_SYSCALL', 'BPF_EVENTS'] as const) {
      if (config && config[option] !== 'y')
        return missing(`the kernel was built without CONFIG_${option}`, BUILD_HINT[option]);
    }
    return config
      ? there('CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS are on')
      : unknown("the kernel's configuration cannot be read; loading a program will tell");
  },
  'bpf-stats': ({ kernelRelease }) =>
    kernelAtLeast(kernelRelease, 5, 8)
      ? there('the kernel counts the time of its BPF programs')
      : missing(`Linux ${kernelRelease} cannot count it`, 'Linux 5.8 or newer can.'),
  cgroup2: ({ kernel: { cgroup2, config } }) => {
    if (config && config['CGROUP_BPF'] !== 'y')
      return missing('the kernel was built without CONFIG_CGROUP_BPF', 'Build the kernel with CONFIG_CGROUP_BPF=y.');
    return cgroup2
      ? there('cgroup2 is mounted')
      : missing('cgroup2 is not mounted', 'On the device: mount -t cgroup2 none /sys/fs/cgroup/unified');
  },
  'drop-reasons': ({ kernelRelease }) =>
    kernelAtLeast(kernelRelease, 5, 17)
      ? there('the kernel says why it drops packets')
      : missing(`Linux ${kernelRelease} does not say why`, 'Linux 5.17 or newer does.'),
  kallsyms: ({ kernel }) => {
    if (!kernel.kallsyms) return missing('/proc/kallsyms cannot be read', 'Build the kernel with CONFIG_KALLSYMS=y.');
    if ((kernel.kptrRestrict ?? 0) >= 2)
      return missing('kernel addresses are hidden even from root', 'On the device: sysctl -w kernel.kptr_restrict=1');
    return there('/proc/kallsyms can be read');
  },
  'perf-events': ({ kernel }) => {
    if (kernel.config && kernel.config['PERF_EVENTS'] !== 'y')
      return missing('the kernel was built without CONFIG_PERF_EVENTS', 'Build the kernel with CONFIG_PERF_EVENTS=y.');
    return kernel.perfEventParanoid === null
      ? missing('/proc/sys/kernel/perf_event_paranoid does not exist', 'Build the kernel with CONFIG_PERF_EVENTS=y.')
      : there('the kernel has perf events');
  },
  privilege: ({ sudo }) =>
    sudo === 'denied' || sudo === 'missing'
      ? missing('root cannot be had', 'Log in as root, or allow sudo.')
      : there('root can be had'),
  'raw-tracepoints': ({ kernelRelease }) =>
    kernelAtLeast(kernelRelease, 4, 17)
      ? there(`Linux ${kernelRelease} has them`)
      : missing(`Linux ${kernelRelease} has none`, 'Linux 4.17 or newer has them.'),
  'sock-diag': () => unknown('asking it for sockets will tell'),
  'syscall-tracepoints': () => unknown('attaching to them will tell'),
};

/** CONFIG_BPF_EVENTS cannot be chosen by itself: Yocto kernels often lack what it depends on. */
const BUILD_HINT = {
  BPF_SYSCALL: 'Build the kernel with CONFIG_BPF_SYSCALL=y and CONFIG_BPF_JIT=y.',
  BPF_EVENTS:
    'Build the kernel with CONFIG_BPF_EVENTS=y: it needs CONFIG_PERF_EVENTS=y and CONFIG_KPROBE_EVENTS=y or CONFIG_UPROBE_EVENTS=y.',
} as const;

/** "6.1.0-50-cloud-amd64" */
export function kernelAtLeast(release: string, major: number, minor: number): boolean {
  const match = /^(\d+)\.(\d+)/.exec(release);
  if (!match) return true; // a name we cannot read is no reason to refuse
  const found = [Number(match[1]), Number(match[2])] as const;
  return found[0] > major || (found[0] === major && found[1] >= minor);
}
