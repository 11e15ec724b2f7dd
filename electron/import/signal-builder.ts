/** Samples from elsewhere as Signals of one agent run: dictionaries with dense ids, windows of a second. */
import {
  type DefinitionsSignal,
  type FrameDef,
  type ModuleDef,
  type ProcessDef,
  type Signal,
  slotNumber,
  type ThreadDef,
} from '../../remote-agent/protocol/index.ts';
import { MAX_DEPTH, MAX_ROWS, tooLarge } from './limits.ts';
import type { ImportedFacts, ImportedFrame, ImportedModule, ImportedSample } from './profile.ts';

const PROBE = 'cpu-profile';
const NS_PER_SECOND = 1e9;
const DEFAULT_HZ = 99;
/** Rows carry the part of the second in which they were taken: cpu-profile's column `slot`. */
const SLOT_NS = 2e7;
/** Entries per record. */
const BATCH = 5000;
/** Beyond this a double is no longer exact to two nanoseconds, and no box is up for 208 days without a look. */
const MAX_TIME_NS = 2 ** 54;
const RUN_ID = '00'.repeat(16);

interface Row {
  readonly thread: number;
  readonly cpu: number;
  readonly stack: number;
  readonly slot: number;
  samples: number;
}

/** Gives the number of an entry, from 1; makes it where it is new. */
class Numbers<T> {
  readonly all: T[] = [];
  private readonly ids = new Map<string, number>();

  of(key: string, make: (id: number) => T): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.all.length + 1;
      this.all.push(make(id));
      this.ids.set(key, id);
    }
    return id;
  }
}

export class SignalBuilder {
  private readonly file: string;
  private readonly processes = new Numbers<ProcessDef>();
  private readonly threads = new Numbers<ThreadDef>();
  private readonly modules = new Numbers<ModuleDef>();
  private readonly frames = new Numbers<FrameDef>();
  private readonly stacks = new Numbers<{ readonly parent: number; readonly frame: number }>();
  /** By second; null = at no known time. */
  private readonly windows = new Map<number | null, Map<string, Row>>();
  private rows = 0;
  private samples = 0;

  constructor(file: string) {
    this.file = file;
  }

  get isEmpty(): boolean {
    return this.samples === 0;
  }

  add(sample: ImportedSample): void {
    if (!(sample.samples > 0)) return;
    if (!Number.isSafeInteger(this.samples + sample.samples)) tooLarge(this.file, 'it counts more than can be counted');
    const time = sample.timeNs !== null && sample.timeNs >= 0 && sample.timeNs < MAX_TIME_NS ? sample.timeNs : null;
    const row = {
      thread: this.thread(sample),
      cpu: sample.cpu,
      stack: this.stack(sample.frames),
      slot: time === null ? 0 : slotOf(time),
    };
    const second = time === null ? null : Math.floor(time / NS_PER_SECOND);
    const window = this.windows.get(second) ?? new Map<string, Row>();
    this.windows.set(second, window);
    const key = `${row.thread} ${row.cpu} ${row.stack} ${row.slot}`;
    const known = window.get(key);
    if (known) known.samples += sample.samples;
    else window.set(key, { ...row, samples: sample.samples });
    this.samples += sample.samples;
    if (!known && ++this.rows > MAX_ROWS) tooLarge(this.file, 'it holds too many different stacks and moments');
  }

  *signals(facts: ImportedFacts): Generator<Signal, void, void> {
    const hz = facts.hz ?? DEFAULT_HZ;
    const seconds = [...this.windows.keys()].filter((second) => second !== null).toSorted((a, b) => a - b);
    const startNs = (seconds[0] ?? 1) * NS_PER_SECOND;
    const cpus = facts.cpus ?? this.cpusSeen();
    yield deviceSignal(facts, cpus, startNs);
    if (facts.startMs !== null)
      yield { kind: 'clock', monotonicNs: startNs, realtimeMs: facts.startMs, uncertaintyNs: 0 };
    const options = { hz: String(hz), ...(seconds.length > 0 ? { 'slot-ms': String(SLOT_NS / 1e6) } : {}) };
    yield { kind: 'probe', probe: PROBE, atNs: startNs, what: { kind: 'started', options, mapBytes: 0, cpus } };
    yield* this.definitions();
    for (const text of facts.notes) yield { kind: 'note', atNs: startNs, text };
    const timeless = this.windows.get(null);
    let endNs = startNs;
    if (timeless) {
      const samples = [...timeless.values()].reduce((sum, row) => sum + row.samples, 0);
      const ns = facts.durationNs ?? Math.ceil((samples * NS_PER_SECOND) / hz / cpus);
      // In front of those that have a time: nobody knows where they belong.
      endNs = seconds.length > 0 ? startNs : startNs + Math.max(1, ns);
      yield windowSignal(timeless, seconds.length > 0 ? Math.max(0, startNs - ns) : startNs, endNs);
    }
    for (const second of seconds) {
      endNs = (second + 1) * NS_PER_SECOND;
      yield windowSignal(this.windows.get(second) ?? new Map(), second * NS_PER_SECOND, endNs);
    }
    yield { kind: 'probe', probe: PROBE, atNs: endNs, what: { kind: 'stopped', reason: 'end of the imported file' } };
  }

  private cpusSeen(): number {
    let most = 0;
    for (const window of this.windows.values()) for (const { cpu } of window.values()) most = Math.max(most, cpu);
    return most + 1;
  }

  private thread({ process, pid, container, thread, tid }: ImportedSample): number {
    const owner = this.processes.of(`${pid}\0${process}\0${container}`, (id) => ({
      id,
      pid,
      startNs: 0,
      comm: process,
      exe: '',
      commandLine: '',
      cgroup: '',
      container,
      containerId: '',
      unit: '',
      parentPid: 0,
      kernelThread: false,
      uid: 0,
    }));
    return this.threads.of(`${owner}\0${tid}\0${thread}`, (id) => ({ id, process: owner, tid, comm: thread }));
  }

  private stack(frames: readonly ImportedFrame[]): number {
    let node = 0;
    for (const frame of frames.length > MAX_DEPTH ? frames.slice(-MAX_DEPTH) : frames) {
      const [parent, of] = [node, this.frame(frame)];
      node = this.stacks.of(`${parent} ${of}`, () => ({ parent, frame: of }));
    }
    return node;
  }

  private frame({ name, module, address }: ImportedFrame): number {
    const owner = this.module(module);
    const offset = name === '' ? address : 0;
    return this.frames.of(`${owner}\0${name}\0${offset}`, (id) => ({
      id,
      module: owner,
      offset,
      name,
      interpreted: false,
    }));
  }

  private module(module: ImportedModule): number {
    const { kind, path, buildId } = module;
    return this.modules.of(`${kind}\0${path}\0${buildId}`, (id) => ({ id, ...module }));
  }

  /** In the order in which they refer to one another. */
  private *definitions(): Generator<DefinitionsSignal, void, void> {
    for (const processes of batches(this.processes.all)) yield definitionsOf({ processes });
    for (const threads of batches(this.threads.all)) yield definitionsOf({ threads });
    for (const modules of batches(this.modules.all)) yield definitionsOf({ modules });
    for (const frames of batches(this.frames.all)) yield definitionsOf({ frames });
    let firstStack = 1;
    for (const stacks of batches(this.stacks.all)) {
      yield definitionsOf({
        firstStack,
        stackParents: Uint32Array.from(stacks, ({ parent }) => parent),
        stackFrames: Uint32Array.from(stacks, ({ frame }) => frame),
      });
      firstStack += stacks.length;
    }
  }
}

function* batches<T>(all: readonly T[]): Generator<readonly T[], void, void> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}

function definitionsOf(part: Partial<DefinitionsSignal>): DefinitionsSignal {
  return {
    kind: 'definitions',
    processes: [],
    threads: [],
    modules: [],
    frames: [],
    firstStack: 0,
    stackParents: new Uint32Array(0),
    stackFrames: new Uint32Array(0),
    names: [],
    flows: [],
    addressNames: [],
    ...part,
  };
}

function windowSignal(window: ReadonlyMap<string, Row>, fromNs: number, toNs: number): Signal {
  const rows = [...window.values()];
  const kept = rows.reduce((sum, { samples }) => sum + samples, 0);
  return {
    kind: 'window',
    probe: PROBE,
    fromNs,
    toNs,
    rows: rows.length,
    columns: [
      Uint32Array.from(rows, ({ thread }) => thread),
      Uint32Array.from(rows, ({ cpu }) => cpu),
      Uint32Array.from(rows, ({ stack }) => stack),
      Uint32Array.from(rows, ({ samples }) => samples),
      Uint32Array.from(rows, ({ slot }) => slot),
    ],
    counters: { seen: kept, kept, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 },
    drains: 1,
  };
}

function slotOf(timeNs: number): number {
  return slotNumber(Math.floor(timeNs / SLOT_NS) * SLOT_NS);
}

function deviceSignal(facts: ImportedFacts, cpus: number, startNs: number): Signal {
  return {
    kind: 'device',
    hostname: facts.hostname,
    machine: facts.machine,
    kernelRelease: facts.kernel,
    kernelVersion: '',
    osName: facts.os,
    onlineCpus: cpus,
    memoryBytes: 0,
    bootId: '',
    uptimeNs: startNs,
    cpuModel: facts.cpuModel,
    hardwareModel: '',
    hasBtf: false,
    agentVersion: '',
    nodeVersion: '',
    pageSize: 4096,
    runId: RUN_ID,
  };
}
