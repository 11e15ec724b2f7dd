import type { OptionSpec } from '../manifest.ts';

/** What several probes can be limited to, and by. The loader's options of the same names do it in the kernel. */
export const ONLY_PROCESS: OptionSpec = {
  kind: 'integer',
  name: 'pid',
  label: 'Process',
  min: 1,
  max: 4194304,
  default: null,
  help: 'Only this process id.',
};

export const ONLY_THREAD: OptionSpec = {
  kind: 'integer',
  name: 'tid',
  label: 'Thread',
  min: 1,
  max: 4194304,
  default: null,
  help: 'Only this thread id.',
};

export const ONLY_CGROUP: OptionSpec = {
  kind: 'text',
  name: 'cgroup',
  label: 'Container or cgroup',
  default: null,
  pattern: '/[^\\0]{0,1000}',
  help: 'Only processes directly in this cgroup: a path below the cgroup2 mount, such as /system.slice/mosquitto.service.',
};

export const ONLY_PORT: OptionSpec = {
  kind: 'integer',
  name: 'port',
  label: 'Port',
  min: 1,
  max: 65535,
  default: null,
  help: 'Only flows with this port at either end.',
};

export const kernelMemory = (min: number): OptionSpec => ({
  kind: 'integer',
  name: 'map-mb',
  label: 'Kernel memory',
  min,
  max: 256,
  default: 16,
  unit: 'MB',
  help: 'Upper bound for all kernel maps of this probe together.',
});
