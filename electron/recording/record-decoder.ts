/** Stored messages to Signals, whatever is missing between them. */
import {
  type AgentFrame,
  type Fault,
  faultOf,
  frameFromRecord,
  type OrderedWindow,
  readWindowRun,
  type RecordKind,
  recordKindOfTypeName,
  type Signal,
  SignalDecoder,
  type WindowRun,
} from '../../remote-agent/protocol/index.ts';
import type { ChunkSink, RawChannel, RawMessage } from './chunk.ts';
import type { Damage } from './damage.ts';
import { isDerivedTopic, isRunTopic, recordKindOfTopic } from './format.ts';
import { Mender } from './mender.ts';

/** A record that holds together, and what it means: null for a window of a probe that is not known here. */
export type RecordTaker = (frame: AgentFrame, signal: Signal | null, logNs: bigint) => void;

interface Ordered {
  readonly order: number;
  readonly signal: Signal;
}

/** Knows which channel holds what. */
export class RecordDecoder implements ChunkSink {
  private readonly damage: Damage;
  private readonly isTidied: boolean;
  private readonly onRecord: RecordTaker | null;
  private readonly decoder = new SignalDecoder();
  private readonly mender: Mender;
  private readonly schemas = new Map<number, string>();
  private readonly kinds = new Map<number, RecordKind | 'run' | 'derived' | null>();
  private readonly topics = new Map<number, string>();
  private ready: Ordered[] = [];
  /** Of a file in order: what may have to stand between what the next chunks bring. */
  private held: Ordered[] = [];

  constructor(hostname: string, damage: Damage, isTidied: boolean, onRecord: RecordTaker | null = null) {
    this.mender = new Mender(hostname);
    this.damage = damage;
    this.isTidied = isTidied;
    this.onRecord = onRecord;
  }

  schema(id: number, name: string): void {
    this.schemas.set(id, name);
  }

  channel({ id, schemaId, topic }: RawChannel): void {
    const known = isRunTopic(topic) ? 'run' : isDerivedTopic(topic) ? 'derived' : recordKindOfTopic(topic);
    this.kinds.set(id, known ?? recordKindOfTypeName(this.schemas.get(schemaId) ?? ''));
    this.topics.set(id, topic);
  }

  message({ channelId, sequence, logNs, data }: RawMessage): void {
    if (this.damage.stopped !== null) return;
    const kind = this.kinds.get(channelId) ?? null;
    if (kind === 'derived') return;
    if (kind === null) return this.damage.addUnknownChannel(this.topics.get(channelId) ?? `number ${channelId}`);
    try {
      if (kind === 'run') this.run(data, logNs);
      else this.record(kind, data, sequence, logNs);
    } catch (error) {
      // The decoder is of no use after a fault.
      this.damage.stopped = faultOrThrow(error).message;
    }
  }

  take(): readonly Signal[] {
    this.damage.setUnknownProbes([...this.decoder.skippedWindows.keys()]);
    const fresh = this.ready;
    this.ready = [];
    if (!this.isTidied) return fresh.map(({ signal }) => signal);
    if (fresh.length === 0) return [];
    // A part's chunks follow one another, and no part begins before the one before it has ended.
    const first = fresh.reduce((least, { order }) => Math.min(least, order), Number.POSITIVE_INFINITY);
    const before = this.held.filter(({ order }) => order < first);
    this.held = [...this.held.filter(({ order }) => order >= first), ...fresh];
    return inOrder(before);
  }

  /** What was held back. */
  finish(): readonly Signal[] {
    const rest = inOrder(this.held);
    this.held = [];
    return rest;
  }

  private record(kind: RecordKind, data: Uint8Array, order: number, logNs: bigint): void {
    const frame = this.parsed(() => frameFromRecord(kind, data));
    if (!frame) return;
    for (const mended of this.mender.mend(frame)) {
      const signal = this.decoder.decode(mended);
      this.onRecord?.(mended, signal, logNs);
      if (signal) this.ready.push({ order, signal });
    }
  }

  private run(data: Uint8Array, logNs: bigint): void {
    const run = this.parsed(() => readWindowRun(data));
    if (!run) return;
    const fillers = this.mender.mendRun(run).flatMap((frame) => {
      const signal = this.decoder.decode(frame);
      this.onRecord?.(frame, signal, logNs);
      return signal ? [signal] : [];
    });
    const windows = this.windows(run);
    const first = windows[0]?.order ?? 0;
    this.ready.push(...fillers.map((signal) => ({ order: first, signal })));
    for (const { order, window } of windows) this.ready.push({ order, signal: window });
  }

  private windows(run: WindowRun): readonly OrderedWindow[] {
    return this.decoder.decodeRun(run) ?? [];
  }

  /** null for bytes that are no such message: with a right checksum only a strange writer makes them. */
  private parsed<T>(parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      this.damage.addPlace(faultOrThrow(error).message);
      return null;
    }
  }
}

/** Stable: what has one place stays as it came. */
function inOrder(records: readonly Ordered[]): Signal[] {
  return records.toSorted((a, b) => a.order - b.order).map(({ signal }) => signal);
}

function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}
