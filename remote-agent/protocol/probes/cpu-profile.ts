import type { ProbeManifest } from '../manifest.ts';
import { kernelMemory, ONLY_CGROUP, ONLY_PROCESS, ONLY_THREAD } from './shared-options.ts';

/** Where CPU time goes: stacks of whatever runs, sampled at a fixed rate on every online CPU. */
export const cpuProfile: ProbeManifest = {
  id: 'cpu-profile',
  title: 'CPU profile',
  summary: 'Samples user and kernel stacks on every CPU at a fixed rate. Idle time is not sampled.',
  needs: [
    { feature: 'bpf', without: null },
    { feature: 'perf-events', without: null },
    { feature: 'privilege', without: null },
    { feature: 'raw-tracepoints', without: 'an executable replaced by exec within a second may be named late' },
    { feature: 'kallsyms', without: 'kernel functions are shown as addresses' },
    { feature: 'bpf-stats', without: "the probe's own time in the kernel is not counted" },
  ],
  options: [
    {
      kind: 'integer',
      name: 'hz',
      label: 'Rate',
      min: 1,
      max: 999,
      default: 99,
      unit: 'Hz',
      help: 'Samples per second and CPU. 99 avoids running in step with timers at 100 Hz.',
    },
    ONLY_PROCESS,
    ONLY_THREAD,
    { kind: 'integer', name: 'cpu', label: 'CPU', min: 0, max: 1023, default: null, help: 'Only this CPU.' },
    ONLY_CGROUP,
    {
      kind: 'integer',
      name: 'slot-ms',
      label: 'Heat map slot',
      min: 0,
      max: 1000,
      default: 20,
      unit: 'ms',
      help: 'Length of the parts of a second by which samples are told apart, in steps of 10 ms. 0 = they are not.',
    },
    kernelMemory(1),
  ],
  columns: [
    { name: 'thread', type: 'thread', role: 'key', help: 'Thread that ran' },
    { name: 'cpu', type: 'cpu', role: 'key', help: 'CPU it ran on' },
    { name: 'stack', type: 'stack', role: 'key', help: 'User stack with the kernel stack on top' },
    { name: 'samples', type: 'count32', role: 'sum', unit: 'samples', help: 'Times it was seen' },
    {
      name: 'slot',
      type: 'count32',
      role: 'key',
      fades: true,
      isLate: true,
      help: 'When it was seen, to the slot, as protocol/slots.ts tells it: 1 + the hundredth of a second in which the slot begins, out of the 12,800 of 128 s of CLOCK_MONOTONIC; 0 = not known',
    },
  ],
  display: { view: 'flamegraph', weight: 'samples', unit: 'samples' },
};
