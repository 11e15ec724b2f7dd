/**
 * What the flows are that windows of the last minute may speak of: those that were new in it, and of older ones those
 * that are alive, or were until lately. A thousand new ones come in a second: all others are let go.
 */
import { FLOW_LENGTH, FlowRunWriter } from '../../protocol/index.ts';
import type { FlowDictionary } from '../names/flow-dictionary.ts';

const WORDS = FLOW_LENGTH / 4;
/** Older ones that have ended in the last minute: 70 bytes each. */
const MAX_ENDED = 2048;

interface NewFlows {
  readonly atMs: number;
  readonly lastId: number;
  readonly run: Uint8Array;
}

interface EndedFlow {
  readonly id: number;
  readonly atMs: number;
  /** Its struct wire_flow. */
  readonly words: Uint32Array;
}

export class FlowStore {
  bytes = 0;
  private readonly maxBytes: number;
  private runs: NewFlows[] = [];
  private ended: EndedFlow[] = [];
  /** Ids up to this one are in no run any more. */
  private droppedId = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** `run`: an encoded FlowRun that ends with `lastId`. */
  add(run: Uint8Array, lastId: number, atMs: number): void {
    this.runs.push({ run, lastId, atMs });
    this.bytes += run.length;
    this.drop(() => this.bytes > this.maxBytes);
  }

  /** Lets go what nothing after `oldestMs` speaks of. */
  forget(oldestMs: number): void {
    this.drop(({ atMs }) => atMs < oldestMs);
    if ((this.ended[0]?.atMs ?? oldestMs) < oldestMs) this.ended = this.ended.filter(({ atMs }) => atMs >= oldestMs);
  }

  /** The dictionary forgets it: it has ended, or there is no room. */
  flowForgotten(id: number, words: Uint32Array, at: number, atMs: number): void {
    if (id > this.droppedId || this.ended.length >= MAX_ENDED) return;
    this.ended.push({ id, atMs, words: words.slice(at, at + WORDS) });
  }

  /** Encoded FlowRuns with rising ids. */
  *all(alive: FlowDictionary): Generator<Uint8Array> {
    const old = [...this.ended];
    alive.forEach((id, words, at) => {
      if (id <= this.droppedId) old.push({ id, atMs: 0, words: words.slice(at, at + WORDS) });
    });
    old.sort((a, b) => a.id - b.id);
    yield* runsOf(old);
    for (const { run } of this.runs) yield run;
  }

  /** The latest stays: a reader refuses ids above the highest that it was told. */
  private drop(isToGo: (run: NewFlows) => boolean): void {
    let first = this.runs[0];
    while (first && this.runs.length > 1 && isToGo(first)) {
      this.runs.shift();
      this.bytes -= first.run.length;
      this.droppedId = first.lastId;
      first = this.runs[0];
    }
  }
}

/** Ids of one run follow one another. */
function* runsOf(flows: readonly EndedFlow[]): Generator<Uint8Array> {
  const writer = new FlowRunWriter();
  for (const [i, { id, words }] of flows.entries()) {
    writer.add(id, words, 0);
    const run = flows[i + 1]?.id === id + 1 ? null : writer.take();
    if (run) yield run;
  }
}
