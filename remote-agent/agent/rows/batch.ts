/** One drain of the kernel's tables, collected message by message and used as a whole or not at all. */
import { raise, type WireCounters } from '../../protocol/index.ts';
import { BatchMemory } from './batch-memory.ts';

/**
 * With 16 MB of kernel memory, which is the default, tables hold some 5 MB; with the 256 MB that a client may ask for, no
 * more than this. A loader that sends more in one batch is out of its mind.
 */
const MAX_BATCH_BYTES = 128 << 20;

export interface Batch {
  readonly number: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Payloads as they came: runs of wire_stack, runs of rows. Their memory is used again when the next batch begins. */
  readonly stacks: readonly Uint8Array[];
  readonly rows: readonly Uint8Array[];
  readonly counters: WireCounters;
}

export class BatchBuilder {
  private open: {
    number: number;
    fromNs: bigint;
    toNs: bigint;
    stacks: Uint8Array[];
    rows: Uint8Array[];
    counters: WireCounters | null;
  } | null = null;
  private readonly memory = new BatchMemory();

  /** A batch that was open is forgotten: its worker died, the successor sends it again. */
  begin(number: number, { fromNs, toNs }: { fromNs: bigint; toNs: bigint }): void {
    this.open = { number, fromNs, toNs, stacks: [], rows: [], counters: null };
    this.memory.reuse();
  }

  addStacks(number: number, payload: Uint8Array): void {
    this.opened(number).stacks.push(this.kept(payload));
  }

  addRows(number: number, payload: Uint8Array): void {
    this.opened(number).rows.push(this.kept(payload));
  }

  setCounters(number: number, counters: WireCounters): void {
    this.opened(number).counters = counters;
  }

  end(number: number): Batch {
    const batch = this.opened(number);
    this.open = null;
    if (!batch.counters) return raise('out-of-sync', `cannot use the loader's batch ${number}: it has no counters`);
    return { ...batch, counters: batch.counters };
  }

  abandon(): void {
    this.open = null;
  }

  private opened(number: number) {
    if (this.open?.number !== number)
      raise('out-of-sync', `cannot use the loader's batch ${number}: it was never begun`);
    return this.open;
  }

  /** The payload's own memory is reused by the reader, and may begin anywhere; a copy of its own is aligned. */
  private kept(payload: Uint8Array): Uint8Array {
    if (this.memory.used + payload.length > MAX_BATCH_BYTES)
      raise('out-of-sync', `cannot use the loader's batch: it is larger than ${MAX_BATCH_BYTES} bytes`);
    return this.memory.copy(payload);
  }
}
