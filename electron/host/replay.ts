/**
 * A recording in a window, step by step:
 *
 *      small:         read whole
 *      in order:      all of it in sums, with its tracks  →  any range, as fine as there is room for
 *      not in order:  its beginning  →  put in order, once  →  as above; or, where that cannot be, read to its end
 */
import { faultOf, type Stretch } from '../../remote-agent/protocol/index.ts';
import type { SessionView } from '../bridge/index.ts';
import { openRecording, type RecordingReader, tidyRecording } from '../recording/index.ts';
import { SYSTEM_CLOCK } from '../session/index.ts';
import { Pour } from './pour.ts';
import { RangeDesk } from './range-desk.ts';
import type { Ordering } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

/** A progress bar moves smoothly at ten steps a second. */
const VIEW_EVERY_MS = 100;
/** A quarter of an hour of a busy box. Less is read whole before putting it in order would have ended. */
const TIDY_FROM_BYTES = 16e6;
/** A first picture, within a second; the rest is not read twice for it. */
const BEGINNING_BYTES = 8e6;
/** Columns that a window holds without trouble. */
const WHOLE_BYTES = 64e6;

/** Bytes of the file, and of its columns. */
export interface ReplayLimits {
  readonly tidyFrom: number;
  readonly beginning: number;
  readonly whole: number;
}
export const REPLAY_LIMITS: ReplayLimits = {
  tidyFrom: TIDY_FROM_BYTES,
  beginning: BEGINNING_BYTES,
  whole: WHOLE_BYTES,
};

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
  #reader: RecordingReader | null = null;
  #ordering: Ordering | null = null;

  constructor(
    file: string,
    window: WindowPort,
    limits: ReplayLimits = REPLAY_LIMITS,
    importedFrom: string | null = null,
  ) {
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
      importedFrom,
    };
  }

  /** Settles when the window has published everything, or all of it in sums. Says it where it cannot be opened. */
  async run(): Promise<void> {
    try {
      await this.#open();
      this.#window.send({ kind: 'marks', marks: (await this.#reader?.marks()) ?? [] });
      if (this.#closed || (await this.#openRanges())) return;
      await this.#readWhole();
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#window.send({ kind: 'state', view: { kind: 'ended', fault, steps: [], recording: null } });
    }
  }

  get ordering(): Ordering | null {
    return this.#ordering;
  }

  show(range: Stretch | null): void {
    this.#desk?.show(range);
  }

  /** Ends the step that is going on: a file that is being put in order is then read as it is. */
  stop(): void {
    this.#step.abort();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.stop();
    await this.#desk?.close();
    await this.#reader?.close();
  }

  async #open(): Promise<void> {
    this.#reader = await openRecording(this.#file);
    this.#show({ bytes: this.#reader.info.bytes });
  }

  /** A large one is put in order on the way: where that works, the reading that was begun is given up. */
  async #readWhole(): Promise<void> {
    const reader = this.#reader;
    if (!reader) return;
    const pour = new Pour(reader, this.#window);
    const { tidied, bytes } = reader.info;
    if (!tidied && bytes >= this.#limits.tidyFrom) {
      await pour.upTo(this.#limits.beginning, () => this.#step.signal.aborted);
      if ((await this.#tidy()) && !this.#closed) {
        await pour.drained(); // behind the ranges it would be counted twice
        if (await this.#reopened()) return reader.close();
      }
    }
    await pour.rest(() => {
      this.#progress(reader.progress);
      return this.#step.signal.aborted;
    });
    if (!this.#closed) await pour.drained();
    this.#show({ complete: true, progress: 1, warning: reader.warning });
  }

  /** False, with the reader from before, where what is in order cannot be shown in ranges. */
  async #reopened(): Promise<boolean> {
    const before = this.#reader;
    this.#reader = await openRecording(this.#file);
    this.#show({ bytes: this.#reader.info.bytes });
    if (!this.#closed && (await this.#openRanges())) return true;
    await this.#reader.close();
    this.#reader = before;
    return false;
  }

  /** Whether the file is in order now. */
  async #tidy(): Promise<boolean> {
    if (this.#step.signal.aborted) return false;
    const work = this.#putInOrder();
    const done = work.then(
      () => undefined,
      () => undefined, // whoever asked for it is told
    );
    this.#ordering = { done, progress: () => this.#view.progress };
    try {
      return await work;
    } finally {
      this.#ordering = null;
    }
  }

  async #putInOrder(): Promise<boolean> {
    this.#show({ tidying: true });
    const { signal: stop } = this.#step;
    let isDone = false;
    try {
      const onProgress = (progress: number): void => this.#progress(progress);
      isDone = (await tidyRecording(this.#file, { stop, onProgress })) === 'done';
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.#window.send({ kind: 'fault', fault }); // a full disk, perhaps: it can still be read
    }
    this.#step = new AbortController();
    if (this.#closed) this.stop();
    this.#show({ tidying: false, progress: 0 });
    return isDone;
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
