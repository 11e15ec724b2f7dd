/**
 * What the client has not confirmed yet, in two parts:
 *
 *      pending ──▶ take() gives it its number ──▶ in flight ──▶ ack(seq) ──▶ gone
 *        │                                          ╰── resume(lastSeq): sent again, byte for byte
 *        ╰── no number yet: windows may still be merged
 *
 * A record gets its number when it is first sent, so numbers have no gaps whatever was merged before. A record that was
 * ever sent never changes: the client may have it. Nothing is dropped here. Pure: no clock, no socket.
 */
import { encodeRecordFrame, type RecordKind } from '../../protocol/index.ts';
import { canMerge, mergeBodies } from './merge-records.ts';

/** Encoded bytes kept for a client that is away: an hour of a quiet box, minutes of a busy one before windows merge. */
export const SPOOL_BYTES = 4 << 20;
/** Unconfirmed bytes under way. More would only fill buffers along a slow link, where nothing can be merged any more. */
export const IN_FLIGHT_BYTES = 256 << 10;
/** Encoded; some 20,000 rows. Merging takes ten times as much memory for a moment, and work in proportion. */
const MAX_MERGED_BYTES = 256 << 10;
/** A merge of windows with common rows saves nearly one of them; one of windows without saves next to nothing. */
const MERGES_PER_PUSH = 4;
/** Share above its bound to which the spool may go while rows with known names still come. */
const OVERFULL = 1.25;
/** Object and array headers around each record, so that many tiny records count for what they take. */
export const RECORD_OVERHEAD_BYTES = 96;

export interface SpoolRecord {
  readonly kind: RecordKind;
  /** Manifest id, '' for records that belong to none. */
  readonly probe: string;
  /** The encoded message, without its frame. */
  readonly body: Uint8Array;
  /** How long a time it covers; what it is worth to keep it apart. 0 for a moment. */
  readonly spanNs: number;
}

export interface SentRecord {
  readonly seq: bigint;
  readonly kind: RecordKind;
  /** The whole encoded AgentFrame. */
  readonly frame: Uint8Array;
  /** The encoded message is the end of the frame. */
  readonly bodyLength: number;
}

export class Spool {
  private readonly maxBytes: number;
  private readonly maxInFlightBytes: number;
  private readonly onConfirmed: (record: SentRecord) => void;
  private pending: SpoolRecord[] = [];
  private inFlight: SentRecord[] = [];
  private pendingBytes = 0;
  private inFlightBytes = 0;
  private nextSeq = 1n;

  /** `onConfirmed`: the client has it; nothing of it is kept here. */
  constructor(
    maxBytes = SPOOL_BYTES,
    maxInFlightBytes = IN_FLIGHT_BYTES,
    onConfirmed: (record: SentRecord) => void = () => undefined,
  ) {
    this.maxBytes = maxBytes;
    this.maxInFlightBytes = maxInFlightBytes;
    this.onConfirmed = onConfirmed;
  }

  get bytes(): number {
    return this.pendingBytes + this.inFlightBytes;
  }

  /** Over its bound although merging went on: new detail must be refused at its source. */
  get isFull(): boolean {
    return this.bytes > this.maxBytes;
  }

  /** Far over it: not even rows with known names can be kept any more. */
  get isOverfull(): boolean {
    return this.bytes > this.maxBytes * OVERFULL;
  }

  /** The link has enough to carry. */
  get isBlocked(): boolean {
    return this.inFlightBytes >= this.maxInFlightBytes;
  }

  get hasUnconfirmed(): boolean {
    return this.inFlight.length > 0;
  }

  get hasPending(): boolean {
    return this.pending.length > 0;
  }

  get lastSentSeq(): bigint {
    return this.nextSeq - 1n;
  }

  /** `isLinkSlow`: the client is there but does not keep up; then a window joins the one that waits already. */
  push(record: SpoolRecord, isLinkSlow: boolean): void {
    this.pending.push(record);
    this.pendingBytes += sizeOf(record);
    if (isLinkSlow) this.mergeLast();
    for (let i = 0; i < MERGES_PER_PUSH && this.isFull && this.mergeShortest(); i++);
  }

  /** The next record to send, now in flight; null where there is none or the link has enough to carry. */
  take(): SentRecord | null {
    const record = this.isBlocked ? undefined : this.pending.shift();
    if (!record) return null;
    this.pendingBytes -= sizeOf(record);
    const seq = this.nextSeq++;
    const { kind, body } = record;
    const sent = { seq, kind, frame: encodeRecordFrame(seq, kind, body), bodyLength: body.length };
    this.inFlight.push(sent);
    this.inFlightBytes += sent.frame.length + RECORD_OVERHEAD_BYTES;
    return sent;
  }

  /** False where the client confirms what was never sent. */
  ack(seq: bigint): boolean {
    if (seq > this.lastSentSeq) return false;
    for (let first = this.inFlight[0]; first && first.seq <= seq; first = this.inFlight[0]) {
      this.inFlight.shift();
      this.inFlightBytes -= first.frame.length + RECORD_OVERHEAD_BYTES;
      this.onConfirmed(first);
    }
    return true;
  }

  /** After a new link: what to send again, in order; null where the client has what was never sent. */
  resume(lastSeq: bigint): readonly SentRecord[] | null {
    return this.ack(lastSeq) ? this.inFlight : null;
  }

  /** What no client has confirmed, in order: numbered as it would be sent. */
  *unconfirmed(): Generator<SentRecord> {
    yield* this.inFlight;
    let seq = this.lastSentSeq;
    for (const { kind, body } of this.pending)
      yield { seq: ++seq, kind, frame: encodeRecordFrame(seq, kind, body), bodyLength: body.length };
  }

  /** Merges the last pending record with the latest one before it that it may be merged with. */
  private mergeLast(): void {
    const last = this.pending.length - 1;
    const earlier = this.partnerBefore(last);
    if (earlier >= 0) this.merge(earlier, last);
  }

  /** Merges the two neighbours that together cover the shortest time. False where nothing can be merged. */
  private mergeShortest(): boolean {
    let best = -1;
    let bestSpan = 0;
    for (let later = 1; later < this.pending.length; later++) {
      const earlier = this.partnerBefore(later);
      if (earlier < 0) continue;
      const span = (this.pending[earlier]?.spanNs ?? 0) + (this.pending[later]?.spanNs ?? 0);
      if (best < 0 || span < bestSpan) {
        best = later;
        bestSpan = span;
      }
    }
    if (best >= 0) this.merge(this.partnerBefore(best), best);
    return best >= 0;
  }

  /** Never across an event of the same probe: what was before a restart stays before it. */
  private partnerBefore(later: number): number {
    const record = this.pending[later];
    for (let i = later - 1; record && canMerge(record) && i >= 0; i--) {
      const earlier = this.pending[i];
      if (earlier?.probe !== record.probe) continue;
      if (earlier.kind === record.kind) return earlier.body.length + record.body.length <= MAX_MERGED_BYTES ? i : -1;
      if (earlier.kind === 'probeEvent') return -1;
    }
    return -1;
  }

  /** The result takes the later place: by then the client knows all names that both use. */
  private merge(earlier: number, later: number): void {
    const a = this.pending[earlier];
    const b = this.pending[later];
    if (!a || !b) return;
    const merged = { ...b, body: mergeBodies(a, b), spanNs: a.spanNs + b.spanNs };
    this.pending[later] = merged;
    this.pending.splice(earlier, 1);
    this.pendingBytes += sizeOf(merged) - sizeOf(a) - sizeOf(b);
  }
}

function sizeOf({ body }: SpoolRecord): number {
  return body.length + RECORD_OVERHEAD_BYTES;
}
