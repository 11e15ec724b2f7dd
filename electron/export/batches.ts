/** Where Signals come from, and what is to be taken of them. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import type { ProfileFilter } from './filter.ts';

/** As openRecording and sessions give them. */
export type Batches = AsyncIterable<readonly Signal[]>;

export interface Collector<T> {
  take(signal: Signal): void;
  finish(): T;
}

export interface CollectOptions {
  readonly filter: ProfileFilter;
  /** Rejects when it is aborted. */
  readonly stop?: AbortSignal | undefined;
}

export async function* signalsOf(batches: Batches, stop: AbortSignal | undefined): AsyncGenerator<Signal, void, void> {
  for await (const batch of batches) {
    stop?.throwIfAborted();
    yield* batch;
  }
}
