/** What a bench is given and what it gives back. */
import type { Box, BoxOptions } from '../../device/box/boot.mjs';
import type { Table } from './table.ts';

export interface BenchContext {
  /** Short runs that show that everything works; their figures are not kept. */
  readonly quick: boolean;
  /** How long to measure: a minute, or ten seconds when quick. */
  readonly seconds: number;
  /** A folder for recordings and other leftovers, removed afterwards. */
  readonly scratch: string;
  readonly log: (line: string) => void;
  /** Boots a box, stops it when `work` has ended. One at a time. */
  withBox<T>(options: BoxOptions, work: (box: Box) => Promise<T>): Promise<T>;
}

/** A number to reach. It is reported, never enforced: wall-clock time fails no build. */
export interface Claim {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface BenchResult {
  /** One or two sentences: what was done, and what the rivals were. */
  readonly about: string;
  readonly claims: readonly Claim[];
  readonly tables: readonly Table[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
  /** The figures behind the tables, for machines. */
  readonly figures: unknown;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<BenchResult>;
}
