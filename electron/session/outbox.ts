/**
 * Signals on their way to whoever watches: batched, a few batches under way at most. While the watcher is slow, windows
 * that wait are merged: it sees coarser time and exact totals. The recording has them all.
 */
import type { DefinitionsSignal, Signal } from '../../remote-agent/protocol/index.ts';
import { MAX_UNACKED } from '../bridge/contract.ts';
import type { Clock } from './deps.ts';
import { mergeWaitingWindows } from './merge-windows.ts';

/** A frame of a 60 Hz display: nobody sees a batch that comes sooner. */
const BATCH_MS = 16;
/** Table entries and rows in one batch: some 2 MB, cloned in a few milliseconds. */
const MAX_BATCH_WEIGHT = 100_000;
/** What may wait before windows are merged. */
const MAX_WAITING_WEIGHT = 400_000;
/** What cannot be merged may wait, too: some 200 MB. Beyond it the device is held back. */
const MAX_BACKLOG_WEIGHT = 4_000_000;
/** Of text, as much as a row. */
const TEXT_PER_ROW = 32;

export class Outbox {
  readonly #deliver: (signals: readonly Signal[]) => Promise<void>;
  readonly #clock: Clock;
  #waiting: Signal[] = [];
  #waitingWeight = 0;
  /** Merging that gained little is not tried again before as much again has come. */
  #mergeAbove = MAX_WAITING_WEIGHT;
  #underWay = 0;
  #cancelTimer: (() => void) | null = null;
  #idle: (() => void)[] = [];
  #sent: (() => void)[] = [];

  /** `merge` false: who pushes waits for room() instead, and nothing is merged. */
  constructor(
    deliver: (signals: readonly Signal[]) => Promise<void>,
    clock: Clock,
    { merge = true }: { readonly merge?: boolean } = {},
  ) {
    this.#deliver = deliver;
    this.#clock = clock;
    if (!merge) this.#mergeAbove = Number.POSITIVE_INFINITY;
  }

  push(signal: Signal): void {
    this.#waiting.push(signal);
    this.#waitingWeight += weightOf(signal);
    if (this.#waitingWeight > this.#mergeAbove) this.#merge();
    this.#schedule();
  }

  /** Resolves when less than a batch waits; `backlog`: when so little waits that the device need not be held back. */
  async room({ backlog = false } = {}): Promise<void> {
    const limit = backlog ? MAX_BACKLOG_WEIGHT : MAX_BATCH_WEIGHT;
    while (this.#waitingWeight >= limit) await new Promise<void>((resolve) => this.#sent.push(resolve));
  }

  /** Resolves when all that waits was acknowledged. */
  drained(): Promise<void> {
    if (this.#waiting.length === 0 && this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#underWay >= MAX_UNACKED || this.#waiting.length === 0) return;
    const pauseMs = this.#waitingWeight >= MAX_BATCH_WEIGHT ? 0 : BATCH_MS;
    this.#cancelTimer = this.#clock.after(pauseMs, () => {
      this.#cancelTimer = null;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#takeBatch();
    for (const resolve of this.#sent.splice(0)) resolve();
    this.#underWay++;
    void this.#deliver(batch).then(() => {
      this.#underWay--;
      this.#schedule();
      if (this.#waiting.length === 0 && this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
    });
    this.#schedule();
  }

  #takeBatch(): Signal[] {
    let count = 0;
    let weight = 0;
    for (const signal of this.#waiting) {
      if (count > 0 && weight + weightOf(signal) > MAX_BATCH_WEIGHT) break;
      weight += weightOf(signal);
      count++;
    }
    this.#waitingWeight -= weight;
    return this.#waiting.splice(0, count);
  }

  #merge(): void {
    this.#waiting = mergeWaitingWindows(this.#waiting);
    this.#waitingWeight = this.#waiting.reduce((sum, signal) => sum + weightOf(signal), 0);
    this.#mergeAbove = Math.max(MAX_WAITING_WEIGHT, 2 * this.#waitingWeight);
  }
}

/** Rows and table entries: what costs memory and cloning. */
function weightOf(signal: Signal): number {
  switch (signal.kind) {
    case 'window':
      return 1 + signal.rows;
    case 'definitions':
      return (
        1 +
        signal.processes.length +
        signal.threads.length +
        signal.modules.length +
        signal.frames.length +
        signal.stackParents.length +
        signal.names.length +
        Math.ceil(textLength(signal) / TEXT_PER_ROW)
      );
    case 'note':
      return 1 + Math.ceil(signal.text.length / TEXT_PER_ROW);
    default:
      return 1;
  }
}

function textLength({ processes, modules, frames, names }: DefinitionsSignal): number {
  let length = 0;
  for (const { exe, commandLine, cgroup } of processes) length += exe.length + commandLine.length + cgroup.length;
  for (const { path } of modules) length += path.length;
  for (const { name } of frames) length += name.length;
  for (const { name } of names) length += name.length;
  return length;
}
