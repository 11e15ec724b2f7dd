/** A recording that is too long to be held whole: the window has its tracks, and the windows of one range at a time. */
import { faultOf, type Signal, type Stretch } from '../../remote-agent/protocol/index.ts';
import { MAX_UNACKED } from '../bridge/index.ts';
import { type LoadedRange, type RangePart, type RangeReader, UntrueIndex } from '../recording/index.ts';
import { demangleSignal } from '../symbols/index.ts';
import type { WindowPort } from './window-port.ts';

/** A message that is larger is cloned too long to be unnoticed. */
const MAX_BATCH_ROWS = 50_000;

export interface RangeDeskHooks {
  readonly window: Pick<WindowPort, 'send' | 'sendSignals'>;
  /** What the window holds from now on. */
  readonly onLoaded: (loaded: LoadedRange) => void;
}

export class RangeDesk {
  readonly #ranges: RangeReader;
  readonly #hooks: RangeDeskHooks;
  #work: Promise<void> = Promise.resolve();
  /** Of the request that came last: the ones before it are not worth going on with. */
  #newest = 0;

  constructor(ranges: RangeReader, hooks: RangeDeskHooks) {
    this.#ranges = ranges;
    this.#hooks = hooks;
  }

  /** All of it, and its tracks. False, and nothing was sent, where the index cannot be trusted. */
  async open(): Promise<boolean> {
    const { window } = this.#hooks;
    try {
      const series = await this.#ranges.series();
      const part = await this.#ranges.show(null);
      const batches: (readonly Signal[])[] = [];
      for await (const batch of part.signals) batches.push(batch);
      window.send({ kind: 'series', series });
      await this.#send({ ...part, signals: given(batches) }, () => true);
      return true;
    } catch (error) {
      if (error instanceof UntrueIndex) return false;
      throw error;
    }
  }

  /** null = all. */
  show(range: Stretch | null): void {
    const number = ++this.#newest;
    this.#work = this.#work.then(() => this.#show(range, () => number === this.#newest));
  }

  /** Resolves when nothing is being read. */
  close(): Promise<void> {
    this.#newest++;
    return this.#work;
  }

  async #show(range: Stretch | null, isWanted: () => boolean): Promise<void> {
    if (!isWanted()) return;
    try {
      await this.#send(await this.#ranges.show(range), isWanted);
    } catch (error) {
      const message = error instanceof UntrueIndex ? `cannot read this part of the recording: ${error.message}` : null;
      const fault = message === null ? faultOf(error) : ({ code: 'bad-recording', message } as const);
      if (!fault) throw error;
      this.#hooks.window.send({ kind: 'fault', fault });
    }
  }

  /** Not stopped while tables are on their way: the window has all of them or none. */
  async #send({ loaded, signals }: RangePart, isWanted: () => boolean): Promise<void> {
    const { window, onLoaded } = this.#hooks;
    const underWay: Promise<void>[] = [];
    window.send({ kind: 'refill', phase: 'begins' });
    for await (const batch of signals)
      for (const part of lighter(batch)) {
        if (!isWanted() && this.#ranges.tablesAreOut) return;
        if (underWay.length >= MAX_UNACKED) await underWay.shift();
        underWay.push(window.sendSignals(part.map(demangleSignal)));
      }
    await Promise.all(underWay);
    if (!isWanted()) return;
    window.send({ kind: 'refill', phase: 'ends' });
    onLoaded(loaded);
  }
}

async function* given(batches: readonly (readonly Signal[])[]): RangePart['signals'] {
  yield* batches;
}

function* lighter(batch: readonly Signal[]): Generator<readonly Signal[]> {
  let part: Signal[] = [];
  let rows = 0;
  for (const signal of batch) {
    part.push(signal);
    rows += signal.kind === 'window' ? signal.rows : 1;
    if (rows < MAX_BATCH_ROWS) continue;
    yield part;
    part = [];
    rows = 0;
  }
  if (part.length > 0) yield part;
}
