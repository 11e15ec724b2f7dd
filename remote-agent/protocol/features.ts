/** What a kernel may have or lack, as manifests (`needs`), preflight and `loader doctor` name it. Alphabetical. */
export const FEATURES = {
  bpf: {
    title: 'BPF programs',
    description:
      'The kernel can load small checked programs (CONFIG_BPF_SYSCALL) and attach them to events (CONFIG_BPF_EVENTS).',
  },
  'bpf-stats': {
    title: 'BPF run-time statistics',
    description:
      'The kernel can count the time its BPF programs take (5.8 or newer). Counting is on only while Sonde measures.',
  },
  cgroup2: {
    title: 'Control groups, version 2',
    description:
      'The cgroup2 file system is mounted, and programs attached to it see the packets of every socket (CONFIG_CGROUP_BPF).',
  },
  'drop-reasons': {
    title: 'Reasons of dropped packets',
    description: 'The kernel says why it drops a packet (5.17 or newer).',
  },
  kallsyms: {
    title: 'Kernel symbol table',
    description:
      'The names and addresses of kernel functions can be read (CONFIG_KALLSYMS, kernel.kptr_restrict below 2).',
  },
  'perf-events': {
    title: 'Perf events',
    description: 'The kernel can interrupt every CPU at a fixed rate (CONFIG_PERF_EVENTS).',
  },
  privilege: {
    title: 'Root rights',
    description:
      'The agent runs as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE, and the kernel is not locked down.',
  },
  'raw-tracepoints': {
    title: 'Raw tracepoints',
    description: 'Programs can be attached to the fixed points of the kernel (4.17 or newer).',
  },
  'sock-diag': {
    title: 'Socket lists',
    description:
      'The kernel lists its sockets with their owners and figures (CONFIG_INET_DIAG and CONFIG_INET_UDP_DIAG).',
  },
  'syscall-tracepoints': {
    title: 'System-call tracepoints',
    description:
      'The kernel tells when a system call begins and ends (CONFIG_HAVE_SYSCALL_TRACEPOINTS, which x86, ARM and RISC-V have).',
  },
} as const;

export type FeatureId = keyof typeof FEATURES;

export function isFeature(id: string): id is FeatureId {
  return Object.hasOwn(FEATURES, id);
}
