import type { ProbeManifest } from '../manifest.ts';
import { kernelMemory, ONLY_CGROUP, ONLY_PROCESS, ONLY_THREAD } from './shared-options.ts';

/** Every system call of the box: how often, how long, and with which error, per thread. */
export const syscalls: ProbeManifest = {
  id: 'syscalls',
  title: 'System calls',
  summary:
    'Counts every system call with its latency and its error. Work that io_uring does in the kernel and calls that the vDSO answers without entering the kernel (mostly reading the clock) are not seen.',
  needs: [
    { feature: 'bpf', without: null },
    { feature: 'privilege', without: null },
    { feature: 'raw-tracepoints', without: null },
    { feature: 'syscall-tracepoints', without: null },
    { feature: 'bpf-stats', without: "the probe's own time in the kernel is not counted" },
  ],
  options: [ONLY_PROCESS, ONLY_THREAD, ONLY_CGROUP, kernelMemory(2)],
  columns: [
    { name: 'thread', type: 'thread', role: 'key', help: 'Thread that called' },
    { name: 'call', type: 'code', table: 'syscall', role: 'key', help: 'System call' },
    { name: 'errno', type: 'code', table: 'errno', role: 'key', help: 'Error it returned; 0 = success' },
    { name: 'bucket', type: 'code', table: 'log2-ns', role: 'key', help: 'Latency, as a power of two' },
    { name: 'calls', type: 'count64', role: 'sum', unit: 'calls', help: 'Calls that returned' },
    { name: 'total', type: 'ns', role: 'sum', unit: 'ns', help: 'Time between entry and return, added up' },
    { name: 'longest', type: 'ns', role: 'max', unit: 'ns', help: 'Longest of them' },
  ],
  display: { view: 'calls', weight: 'calls', unit: 'calls' },
};
