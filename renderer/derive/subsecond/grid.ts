import { LONGEST_SLOTTED_NS, slotStartNs } from '../../../remote-agent/protocol/slots.ts';
import type { SampleColumns } from '../../store/model.ts';
import type { WindowSpan } from '../tally.ts';
import { SECOND_NS, slotAt, slotsPerSecond } from './slots.ts';

/** Whole seconds of the device's monotonic clock. */
export interface Seconds {
  readonly first: number;
  readonly count: number;
}

export interface GridRequest {
  readonly samples: SampleColumns;
  /** The windows that reach into the seconds. */
  readonly span: WindowSpan;
  readonly seconds: Seconds;
  readonly slotNs: number;
  /** null = all. */
  readonly cpu: number | null;
  readonly passes: (thread: number) => boolean;
}

/** What is known of a slot. */
export const SLOT = { unwatched: 0, watched: 1, averaged: 2 } as const;

/** Samples by second and slot; a cell is second × slots + slot. */
export interface SecondsGrid {
  readonly seconds: Seconds;
  readonly slotNs: number;
  readonly slots: number;
  /** Of averaged slots, what the window has for each of them. */
  readonly samples: Float64Array;
  /** Of SLOT. */
  readonly state: Uint8Array;
  /** In the fullest slot; 0 = all are empty. */
  readonly most: number;
  /** Samples whose slot is known, and those of which only the window is. */
  readonly placed: number;
  readonly unplaced: number;
}

export function secondsGrid(request: GridRequest): SecondsGrid {
  const { samples: given, span, seconds, slotNs } = request;
  const slots = slotsPerSecond(slotNs);
  const samples = new Float64Array(seconds.count * slots);
  const state = new Uint8Array(samples.length);
  const cells = new Cells(seconds, slotNs, slots, samples, state);
  let [placed, unplaced] = [0, 0];
  for (let window = span.first; window < span.end; window++) {
    const [fromNs, toNs] = [given.windowFromNs[window]!, given.windowToNs[window]!];
    cells.watch(fromNs, toNs);
    const isTold = toNs - fromNs <= LONGEST_SLOTTED_NS;
    let untold = 0;
    for (let row = given.windowRow[window]!; row < given.windowRow[window + 1]!; row++) {
      if (request.cpu !== null && given.cpu[row] !== request.cpu) continue;
      if (!request.passes(given.thread[row]!)) continue;
      const told = isTold ? (given.slot[row] ?? 0) : 0;
      if (told === 0) untold += given.samples[row]!;
      else if (cells.add(slotStartNs(told, fromNs), given.samples[row]!)) placed += given.samples[row]!;
    }
    if (untold > 0) cells.spread(fromNs, toNs, untold);
    unplaced += untold;
  }
  return { seconds, slotNs, slots, samples, state, most: greatest(samples), placed, unplaced };
}

class Cells {
  readonly #seconds: Seconds;
  readonly #slotNs: number;
  readonly #slots: number;
  readonly #samples: Float64Array;
  readonly #state: Uint8Array;

  constructor(seconds: Seconds, slotNs: number, slots: number, samples: Float64Array, state: Uint8Array) {
    this.#seconds = seconds;
    this.#slotNs = slotNs;
    this.#slots = slots;
    this.#samples = samples;
    this.#state = state;
  }

  watch(fromNs: number, toNs: number): void {
    const { first, end } = this.#between(fromNs, toNs);
    for (let cell = first; cell < end; cell++) if (this.#state[cell] === 0) this.#state[cell] = SLOT.watched;
  }

  /** False where the slot is not of these seconds. */
  add(startNs: number, samples: number): boolean {
    const cell = this.#cellAt(startNs);
    if (cell < 0 || cell >= this.#samples.length) return false;
    this.#samples[cell] = this.#samples[cell]! + samples;
    if (this.#state[cell] === SLOT.unwatched) this.#state[cell] = SLOT.watched;
    return true;
  }

  /** Evenly over the whole window, of which a part may be shown. */
  spread(fromNs: number, toNs: number, samples: number): void {
    const { first, end } = this.#between(fromNs, toNs);
    const each = (samples * this.#slotNs) / Math.max(toNs - fromNs, this.#slotNs);
    for (let cell = first; cell < end; cell++) {
      this.#samples[cell] = this.#samples[cell]! + each;
      this.#state[cell] = SLOT.averaged;
    }
  }

  #between(fromNs: number, toNs: number): { first: number; end: number } {
    const first = Math.max(0, this.#cellAt(fromNs));
    return { first, end: Math.min(this.#samples.length, this.#cellAt(toNs - 1) + 1) };
  }

  #cellAt(ns: number): number {
    const { second, slot } = slotAt(ns, this.#slotNs);
    return (second - this.#seconds.first) * this.#slots + slot;
  }
}

function greatest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** CPUs that were sampled in these windows, in order. */
export function cpusSeen({ cpu, windowRow }: SampleColumns, { first, end }: WindowSpan): readonly number[] {
  const seen = new Set<number>();
  for (let row = windowRow[first] ?? 0; row < (windowRow[end] ?? 0); row++) seen.add(cpu[row]!);
  return [...seen].sort((a, b) => a - b);
}

/** The seconds that a stretch of time reaches into. */
export function secondsWithin({ fromNs, toNs }: { readonly fromNs: number; readonly toNs: number }): Seconds {
  const first = Math.floor(fromNs / SECOND_NS);
  return { first, count: Math.max(1, Math.ceil(toNs / SECOND_NS) - first) };
}
