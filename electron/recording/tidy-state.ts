/** How far putting a file in order has come: what another process needs to go on from there. */
import type { SeriesData } from '../../remote-agent/protocol/index.ts';
import type { McapState } from './mcap-builder.ts';
import type { KnownChannels, Place } from './record-decoder.ts';

export interface TidyState {
  /** What comes next of the old file. */
  readonly next: Place;
  readonly channels: KnownChannels;
  readonly outputLength: number;
  readonly output: TidyOutputState;
  readonly writer: TidyWriterState;
}

export interface TidyOutputState {
  readonly mcap: McapState;
  readonly channelIds: ReadonlyMap<string, number>;
}

export interface TidyWriterState {
  readonly count: number;
  readonly rows: number;
  readonly lastLogNs: bigint;
  /** RecordingIndex of the runs that have ended, and of the one that goes on, which is the last. */
  readonly index: Uint8Array;
  readonly series: readonly SeriesData[];
}
