/**
 * A recording in a window, step by step:
 *
 *      small:  read whole
 *      large:  put in order, once  →  all of it in sums, with its tracks  →  any range, as fine as there is room for
 *      huge:   read whole, what the window can hold of it, and put in order meanwhile for the next time
 */
import { faultOf, type Stretch } from '../../remote-agent/protocol/index.ts';
import type { SessionView } from '../bridge/index.ts';
import { openRecording, type RecordingReader, tidyRecording } from '../recording/index.ts';
import { Outbox, SYSTEM_CLOCK } from '../session/index.ts';
import { demangleSignal } from '../symbols/index.ts';
import { RangeDesk } from './range-desk.ts';
import { TidyDesk } from './tidy-desk.ts';
import type { WindowPort } from './window-port.ts';

/** A progress bar moves smoothly at ten steps a second. */
const VIEW_EVERY_MS = 100;
/** A quarter of an hour of a busy box. Less is read whole before putting it in order would have ended. */
const TIDY_FROM_BYTES = 16e6;
/** A minute or two. Who opens a larger one wants to see something first: it is put in order behind that. */
const TIDY_UP_TO_BYTES = 200e6;
/** Columns that a window holds without trouble. */
const WHOLE_BYTES = 64e6;

/** Bytes of the file, and of its columns. */
export interface ReplayLimits {
  readonly tidyFrom: number;
  readonly tidyUpTo: number;
  readonly whole: number;
}
const LIMITS: ReplayLimits = { tidyFrom: TIDY_FROM_BYTES, tidyUpTo: TIDY_UP_TO_BYTES, whole: WHOLE_BYTES };

type ReplayView = Extract<SessionView, { kind: 'replay' }>;

export class Replay {
  readonly #file: string;
  readonly #window: WindowPort;
  readonly #limits: ReplayLimits;
  #view: ReplayView;
  #shownMs = 0;
  /** Of what is going on: another step has another. */
  #step = new AbortController();
  #closed = false;
  #desk: RangeDesk | null = null;
  #later: TidyDesk | null = null;
  #reader: RecordingReader | null = null;

  constructor(file: string, window: WindowPort, limits: ReplayLimits = LIMITS) {
    this.#file = file;
    this.#window = window;
    this.#limits = limits;
    this.#view = {
      kind: 'replay',
      file,
      bytes: 0,
      progress: 0,
      complete: false,
      warning: null,
      extent: null,
      loaded: null,
      tidying: false,
    };
  }

  /** Settles when the window has published everything, or all of it in sums. Says it where it cannot be opened. */
  async run(): Promise<void> {
    try {
      await this.#open();
      this.#window.send({ kind: 'marks', marks: (await this.#reader?.marks()) ?? [] });
      if (this.#closed || (await this.#openRanges())) return;
      await this.#pour();
      this.#tidyLater();
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#window.send({ kind: 'state', view: { kind: 'ended', fault, steps: [], recording: null } });
    }
  }

  show(range: Stretch | null): void {
    this.#desk?.show(range);
  }

  /** Ends the step that is going on: a file that is being put in order is then read as it is. */
  stop(): void {
    this.#step.abort();
  }

  /** Behind what is shown; nobody waits for it. */
  #tidyLater(): void {
    const { tidied = true, bytes = 0 } = this.#reader?.info ?? {};
    if (!tidied && bytes > this.#limits.tidyUpTo && !this.#closed)
      this.#later = new TidyDesk(Promise.resolve(this.#file));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.stop();
    await this.#later?.close();
    await this.#desk?.close();
    await this.#reader?.close();
  }

  async #open(): Promise<void> {
    this.#reader = await openRecording(this.#file);
    this.#show({ bytes: this.#reader.info.bytes });
    const { tidied, bytes } = this.#reader.info;
    if (tidied || bytes < this.#limits.tidyFrom || bytes > this.#limits.tidyUpTo) return;
    await this.#tidy();
    await this.#reader.close();
    this.#reader = await openRecording(this.#file);
  }

  async #tidy(): Promise<void> {
    this.#show({ tidying: true });
    const { signal: stop } = this.#step;
    try {
      await tidyRecording(this.#file, { stop, onProgress: (progress) => this.#progress(progress) });
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#window.send({ kind: 'fault', fault }); // a full disk, perhaps: it can still be read
    }
    this.#step = new AbortController();
    if (this.#closed) this.stop();
    this.#show({ tidying: false, progress: 0 });
  }

  async #openRanges(): Promise<boolean> {
    const reader = this.#reader;
    const ranges = (await reader?.ranges()) ?? null;
    if (!reader || !ranges || ranges.bytes <= this.#limits.whole) return false;
    const desk = new RangeDesk(ranges, {
      window: this.#window,
      onLoaded: (loaded) =>
        this.#show({
          complete: true,
          progress: 1,
          extent: ranges.extent,
          loaded,
          warning: ranges.warning(this.#file) ?? reader.warning,
        }),
    });
    if (!(await desk.open())) return false;
    this.#desk = desk;
    return true;
  }

  async #pour(): Promise<void> {
    const reader = this.#reader;
    if (!reader) return;
    const outbox = new Outbox((signals) => this.#window.sendSignals(signals), SYSTEM_CLOCK, { merge: false });
    for await (const signals of reader.batches()) {
      if (this.#step.signal.aborted) break;
      for (const signal of signals) outbox.push(demangleSignal(signal));
      await outbox.room();
      this.#progress(reader.progress);
    }
    if (!this.#closed) await outbox.drained();
    this.#show({ complete: true, progress: 1, warning: reader.warning });
  }

  #progress(progress: number): void {
    const nowMs = SYSTEM_CLOCK.now();
    if (nowMs - this.#shownMs < VIEW_EVERY_MS) return;
    this.#shownMs = nowMs;
    this.#show({ progress });
  }

  #show(change: Partial<ReplayView>): void {
    this.#view = { ...this.#view, ...change };
    this.#window.send({ kind: 'state', view: this.#view });
  }
}
