/**
 * A part of a recording as a recording of its own: the windows, costs and notes in some ranges, what was on and what the
 * clock said when they begin, and of the dictionaries only what those windows speak of. All else keeps its number, which
 * others count on, and loses its words.
 */
import {
  type ClockSignal,
  type DefinitionsSignal,
  findProbe,
  type FlowDef,
  type Mark,
  type ProbeSignal,
  type Signal,
  type Stretch,
  type WindowSignal,
} from '../../remote-agent/protocol/index.ts';

type Batches = AsyncIterable<readonly Signal[]>;

/** What the windows of one agent run in the ranges speak of, by id. */
class Spoken {
  readonly processes = new Set<number>();
  readonly threads = new Set<number>();
  readonly modules = new Set<number>();
  readonly frames = new Set<number>();
  readonly flows = new Set<number>();
  readonly addresses = new Set<string>();
  hasWindows = false;
  private readonly stacks = new Set<number>();
  private readonly ownerOf = new Map<number, number>();
  private readonly moduleOf = new Map<number, number>();
  private readonly parentOf: number[] = [];
  private readonly frameOf: number[] = [];
  private readonly ends = new Map<number, readonly string[]>();

  define({ threads, frames, firstStack, stackParents, stackFrames, flows }: DefinitionsSignal): void {
    for (const { id, process } of threads) this.ownerOf.set(id, process);
    for (const { id, module } of frames) this.moduleOf.set(id, module);
    for (const { id, localAddress, remoteAddress } of flows) this.ends.set(id, [localAddress, remoteAddress]);
    for (let at = 0; at < stackParents.length; at++) {
      this.parentOf[firstStack + at] = stackParents[at] ?? 0;
      this.frameOf[firstStack + at] = stackFrames[at] ?? 0;
    }
  }

  speak({ probe, columns }: WindowSignal): void {
    this.hasWindows = true;
    for (const [at, { type }] of (findProbe(probe)?.columns ?? []).entries()) {
      const into = { thread: this.threads, stack: this.stacks, flow: this.flows }[type as string];
      if (into) for (const id of columns[at] ?? []) into.add(Number(id));
    }
  }

  /** What is spoken of through others. */
  finish(): void {
    for (const thread of this.threads) this.processes.add(this.ownerOf.get(thread) ?? 0);
    for (const stack of this.stacks) this.walk(stack);
    for (const frame of this.frames) this.modules.add(this.moduleOf.get(frame) ?? 0);
    for (const flow of this.flows) for (const end of this.ends.get(flow) ?? []) this.addresses.add(end);
  }

  /** A node that was walked has all its parents. */
  private walk(stack: number): void {
    for (let node = stack; node > 0; node = this.parentOf[node] ?? 0) this.frames.add(this.frameOf[node] ?? 0);
  }
}

export class Cut {
  private readonly ranges: readonly Stretch[];
  private readonly runs: readonly Spoken[];
  private run = -1;
  private clock: ClockSignal | null = null;
  private on = new Map<string, ProbeSignal>();
  /** Until the first moment: what a reader learns of the clock must stand in front. null = it has begun. */
  private held: Signal[] | null = [];

  private constructor(ranges: readonly Stretch[], runs: readonly Spoken[]) {
    this.ranges = ranges;
    this.runs = runs;
  }

  /** Reads all once. */
  static async of(batches: Batches, ranges: readonly Stretch[], stop?: AbortSignal): Promise<Cut> {
    const runs: Spoken[] = [];
    for await (const batch of batches) {
      stop?.throwIfAborted();
      for (const signal of batch) {
        if (signal.kind === 'device') runs.push(new Spoken());
        else if (signal.kind === 'definitions') runs.at(-1)?.define(signal);
        else if (signal.kind === 'window' && isWithin(signal, ranges)) runs.at(-1)?.speak(signal);
      }
    }
    for (const run of runs) run.finish();
    return new Cut(ranges, runs);
  }

  /** In the order in which they were read. */
  take(signal: Signal): readonly Signal[] {
    if (signal.kind === 'device') {
      this.run += 1;
      this.clock = null;
      this.on = new Map();
      this.held = [];
    }
    const spoken = this.runs[this.run];
    if (!spoken?.hasWindows) return [];
    switch (signal.kind) {
      case 'device':
        return this.timeless(signal);
      case 'definitions':
        return this.timeless(onlySpoken(signal, spoken));
      case 'clock':
        return this.timed(signal, signal.monotonicNs);
      case 'probe':
      case 'note':
        return this.timed(signal, signal.atNs);
      case 'cost':
      case 'window':
        return isWithin(signal, this.ranges) ? this.begun(signal, signal.fromNs) : [];
    }
  }

  marks(marks: readonly Mark[]): readonly Mark[] {
    return marks.filter(({ fromNs, toNs }) => isWithin({ fromNs, toNs: Math.max(toNs, fromNs + 1) }, this.ranges));
  }

  private timeless(signal: Signal): readonly Signal[] {
    if (!this.held) return [signal];
    this.held.push(signal);
    return [];
  }

  /** What happens before the first range is what it begins with; nothing does between them but what was on. */
  private timed(
    signal: ClockSignal | ProbeSignal | Extract<Signal, { kind: 'note' }>,
    atNs: number,
  ): readonly Signal[] {
    const first = this.ranges[0]?.fromNs ?? 0;
    const last = this.ranges.at(-1)?.toNs ?? 0;
    if (atNs >= last) return [];
    if (atNs >= first) {
      const isShown = signal.kind !== 'note' || isWithin({ fromNs: atNs, toNs: atNs + 1 }, this.ranges);
      return isShown ? this.begun(signal, atNs) : [];
    }
    if (signal.kind === 'clock') this.clock = signal;
    else if (signal.kind === 'probe' && signal.what.kind === 'started') this.on.set(signal.probe, signal);
    else if (signal.kind === 'probe' && signal.what.kind !== 'restarted') this.on.delete(signal.probe);
    return [];
  }

  private begun(signal: Signal, fromNs: number): readonly Signal[] {
    if (!this.held) return [signal];
    const [device, ...definitions] = this.held;
    this.held = null;
    const atNs = Math.min(fromNs, this.ranges[0]?.fromNs ?? 0);
    const clock = this.clock && {
      ...this.clock,
      monotonicNs: atNs,
      realtimeMs: this.clock.realtimeMs + (atNs - this.clock.monotonicNs) / 1e6,
    };
    const on = [...this.on.values()].map((started) => ({ ...started, atNs }));
    return [...(device ? [device] : []), ...(clock ? [clock] : []), ...on, ...definitions, signal];
  }
}

function isWithin({ fromNs, toNs }: Stretch, ranges: readonly Stretch[]): boolean {
  return ranges.some((range) => fromNs < range.toNs && toNs > range.fromNs);
}

function onlySpoken(signal: DefinitionsSignal, spoken: Spoken): DefinitionsSignal {
  return {
    ...signal,
    processes: signal.processes.map((process) =>
      spoken.processes.has(process.id)
        ? process
        : {
            ...process,
            comm: '',
            exe: '',
            commandLine: '',
            cgroup: '',
            container: '',
            containerId: '',
            unit: '',
            pid: 0,
            uid: 0,
          },
    ),
    threads: signal.threads.map((thread) => (spoken.threads.has(thread.id) ? thread : { ...thread, comm: '', tid: 0 })),
    modules: signal.modules.map((module) =>
      spoken.modules.has(module.id) ? module : { ...module, path: '', buildId: '' },
    ),
    frames: signal.frames.map((frame) => (spoken.frames.has(frame.id) ? frame : { ...frame, name: '', offset: 0 })),
    names: signal.names.filter(({ frame }) => spoken.frames.has(frame)),
    flows: signal.flows.map((flow) => (spoken.flows.has(flow.id) ? flow : blank(flow))),
    addressNames: signal.addressNames.filter(({ address }) => spoken.addresses.has(address)),
  };
}

function blank(flow: FlowDef): FlowDef {
  return {
    ...flow,
    family: 0,
    localAddress: '',
    localPort: 0,
    remoteAddress: '',
    remotePort: 0,
    netns: 0,
    openedNs: 0,
  };
}
