/**
 * The flight recorder of a session that somebody watches: what its client has confirmed in the last minute, and all that
 * it takes to read that. In memory only, and within MAX_BYTES; when the client is gone for good, broken-off.ts puts it on
 * the disk, with what nobody has confirmed.
 *
 *      device, definitions ── packed, all of the run ──────────────╮
 *      flows ── those that windows can still speak of ─────────────┤
 *      probe events ── what runs where the kept part begins ───────┼─▶ contents()
 *      windows, costs, clocks, notes ── of the last LAST_MS ───────┤
 *      what is not confirmed ── the spool has it ──────────────────╯
 */
import { fromBinary } from '@bufbuild/protobuf';
import { encodeFrame, encodeRecordFrame, type RecordKind } from '../../protocol/index.ts';
import { type ProbeEvent, ProbeEventSchema } from '../../protocol/generated/sonde_pb.ts';
import { RECORD_OVERHEAD_BYTES, type SentRecord } from '../client/spool.ts';
import type { FlowDictionary } from '../names/flow-dictionary.ts';
import { definitionsBody, probeEventRecord, type What } from '../records.ts';
import type { LeftBehind } from './broken-off.ts';
import { DefinitionStore } from './definition-store.ts';
import { FlowStore } from './flow-store.ts';

export const LAST_MS = 60_000;
/** Of all of it. A quiet box needs a tenth; of a busy one the oldest seconds go first. */
export const LAST_BYTES = 4 << 20;
const DEFINITION_SHARE = 1 / 2;
const FLOW_SHARE = 1 / 4;

interface Held {
  readonly atMs: number;
  readonly record: SentRecord;
}

export class LastSeconds {
  private readonly now: () => number;
  private readonly maxBytes: number;
  private readonly definitions: DefinitionStore;
  private readonly flows: FlowStore;
  private recent: Held[] = [];
  private recentBytes = 0;
  /** Probes that run where `recent` begins, with how they were started. */
  private readonly running = new Map<string, ProbeEvent>();

  constructor(now: () => number, maxBytes = LAST_BYTES) {
    this.now = now;
    this.maxBytes = maxBytes;
    this.definitions = new DefinitionStore(maxBytes * DEFINITION_SHARE);
    this.flows = new FlowStore(maxBytes * FLOW_SHARE);
  }

  /** The run has defined more than there is room for: nothing can be kept any more. */
  get isOver(): boolean {
    return this.definitions.isOverfull;
  }

  get bytes(): number {
    return this.definitions.bytes + this.flows.bytes + this.recentBytes;
  }

  /** `body`: the encoded message, without flows. */
  define(kind: 'device' | 'definitions', body: Uint8Array): void {
    this.definitions.add(kind, body);
    if (this.isOver) this.shorten(() => true);
  }

  /** `run`: an encoded FlowRun that ends with `lastId`. */
  defineFlows(run: Uint8Array, lastId: number): void {
    if (!this.isOver) this.flows.add(run, lastId, this.now());
  }

  /** `at`: word at which its struct wire_flow begins. */
  flowForgotten(id: number, words: Uint32Array, at: number): void {
    this.flows.flowForgotten(id, words, at, this.now());
  }

  /** The client has it. */
  pass(record: SentRecord): void {
    if (this.isOver || isDefined(record.kind)) return;
    const atMs = this.now();
    this.recent.push({ atMs, record });
    this.recentBytes += sizeOf(record);
    const oldestMs = atMs - LAST_MS;
    this.shorten((held) => held.atMs < oldestMs || this.bytes > this.maxBytes);
    // Only here: what was confirmed now may speak of flows as old as the oldest that is kept.
    this.flows.forget(this.recent[0]?.atMs ?? oldestMs);
  }

  /** All of it, and what the client has not confirmed. `alive`: flows that the run remembers. */
  leftBehind(unconfirmed: Iterable<SentRecord>, alive: FlowDictionary): LeftBehind {
    const rest = [...unconfirmed].filter(({ kind }) => !isDefined(kind));
    const records = [...this.recent.map(({ record }) => record), ...rest];
    const started = records.flatMap((record) => (isStart(record) ? [eventOf(record).probe] : []));
    return {
      blocks: this.definitions.blocks(),
      frames: (fromNs) => this.framesBefore(fromNs, alive),
      records,
      probes: [...new Set([...this.running.keys(), ...started])],
    };
  }

  private *framesBefore(fromNs: bigint, alive: FlowDictionary): Generator<Uint8Array> {
    for (const run of this.flows.all(alive)) yield frameOf('definitions', definitionsBody(null, run));
    for (const [probe, { what }] of this.running)
      if (what.case !== undefined) yield frameOf('probeEvent', probeEventRecord(probe, fromNs, what as What).body);
  }

  private shorten(isToGo: (held: Held) => boolean): void {
    let gone = 0;
    for (const held of this.recent) {
      if (!isToGo(held)) break;
      gone++;
      this.recentBytes -= sizeOf(held.record);
      if (held.record.kind === 'probeEvent') this.follow(held.record);
    }
    if (gone > 0) this.recent.splice(0, gone);
  }

  private follow(record: SentRecord): void {
    const event = eventOf(record);
    if (event.what.case === 'started') this.running.set(event.probe, event);
    if (event.what.case === 'stopped' || event.what.case === 'failed') this.running.delete(event.probe);
  }
}

function eventOf({ frame, bodyLength }: SentRecord): ProbeEvent {
  return fromBinary(ProbeEventSchema, frame.subarray(frame.length - bodyLength));
}

function isStart(record: SentRecord): boolean {
  return record.kind === 'probeEvent' && eventOf(record).what.case === 'started';
}

function isDefined(kind: RecordKind): boolean {
  return kind === 'device' || kind === 'definitions';
}

function sizeOf({ frame }: SentRecord): number {
  return frame.length + RECORD_OVERHEAD_BYTES;
}

function frameOf(kind: RecordKind, body: Uint8Array): Uint8Array {
  return encodeFrame(encodeRecordFrame(0n, kind, body));
}
