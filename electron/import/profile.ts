/** What any profiler says: who was seen where, how often, and perhaps when. */
import type { ModuleKind } from '../../remote-agent/protocol/index.ts';

export interface ImportedFrame {
  /** '' = not known: then the address says where. */
  readonly name: string;
  readonly module: ImportedModule;
  readonly address: number;
}

export interface ImportedModule {
  readonly kind: ModuleKind;
  readonly path: string;
  /** Lower-case hex; '' = not known. */
  readonly buildId: string;
}

export interface ImportedSample {
  readonly process: string;
  readonly pid: number;
  readonly thread: string;
  readonly tid: number;
  readonly container: string;
  readonly cpu: number;
  /** Root first. */
  readonly frames: readonly ImportedFrame[];
  readonly samples: number;
  /** null = the file does not say. */
  readonly timeNs: number | null;
}

/** What is true of the whole; null or '' where the file does not say. */
export interface ImportedFacts {
  readonly hostname: string;
  readonly os: string;
  readonly kernel: string;
  readonly machine: string;
  readonly cpuModel: string;
  readonly cpus: number | null;
  readonly hz: number | null;
  /** How long was sampled, of samples without times. */
  readonly durationNs: number | null;
  /** Wall clock of the beginning, ms since 1970. */
  readonly startMs: number | null;
  /** What the reader should know: what was skipped, what is assumed. */
  readonly notes: readonly string[];
}

export const NO_FACTS: ImportedFacts = {
  hostname: '',
  os: '',
  kernel: '',
  machine: '',
  cpuModel: '',
  cpus: null,
  hz: null,
  durationNs: null,
  startMs: null,
  notes: [],
};

export type AddSample = (sample: ImportedSample) => void;

export const NO_MODULE: ImportedModule = { kind: 'unknown', path: '', buildId: '' };
const KERNEL: ImportedModule = { kind: 'kernel', path: '[kernel]', buildId: '' };

/** Words in the place of a path: memory that is of no file, and what Sonde's own pprof says of files without a name. */
const NOWHERE = /^(\[(unknown|executable|library|heap|stack|anon.*)\]|\/\/anon)$/;

/** By the path that profilers give it: `[kernel.kallsyms]`, `/usr/lib/libc.so.6`, `/tmp/perf-101.map`. */
export function moduleOf(path: string, buildId = ''): ImportedModule {
  if (path === '' || NOWHERE.test(path)) return NO_MODULE;
  if (/^\[(kernel|guest\.kernel)/.test(path)) return KERNEL;
  if (path === '[vdso]' || path === '[vsyscall]') return { kind: 'vdso', path: '[vdso]', buildId };
  if (path === '[jit]' || /\/perf-\d+\.map$/.test(path)) return { kind: 'jit', path: '', buildId };
  if (/^\[.*\]$/.test(path) || path.endsWith('.ko') || /\.ko\.\w+$/.test(path))
    return { kind: 'kernel', path, buildId };
  return { kind: /\.so(\.|$)/.test(path) ? 'library' : 'executable', path, buildId };
}
