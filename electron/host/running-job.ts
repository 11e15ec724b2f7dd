import type { CaptureOrder, Mark, UnattendedOrder } from '../bridge/index.ts';

/** A recording that is being put in order: for minutes where it is large, and afterwards it is read in a moment. */
export interface Ordering {
  /** Resolves when it is in order, or stays as it is. */
  readonly done: Promise<void>;
  /** 0..1 */
  readonly progress: () => number;
}

/** What a session host can be asked while its job runs, whatever the job is. */
export interface RunningJob {
  /** keep: a password is to be remembered once it was accepted. */
  answer(prompt: number, value: string | boolean | null, keep: boolean): void;
  disconnect(): void;
  reconnectNow(): void;
  startProbe(probe: string, options: Readonly<Record<string, string>>): void;
  stopProbe(probe: string): void;
  /** Of a device; a recording has no packets. */
  startCapture(order: CaptureOrder): void;
  stopCapture(): void;
  /** Of a live session, as are the next four: what just happened becomes a recording of its own. */
  keepLast(seconds: number): void;
  setTriggers(triggers: readonly string[], keep: boolean): void;
  recordUnattended(order: UnattendedOrder): void;
  /** What the device has recorded by itself. */
  fetchRecording(id: string): void;
  deleteRecording(id: string): void;
  /** All of them; the window is told what they are now. */
  setMarks(marks: readonly Mark[]): void;
  /** Of a recording that is too long to be held whole; null = all of it. Others pass it over. */
  showRange(fromNs: number | null, toNs: number | null): void;
  /** What exports are made from; null = nothing is recorded yet. */
  readonly recordingFile: string | null;
  /** null = nobody is at it. */
  readonly ordering: Ordering | null;
  /** Resolves when nothing of the job is left. */
  close(): Promise<void>;
}

/** Where there is no device, what only a device could do. */
export const NO_DEVICE: Pick<
  RunningJob,
  | 'answer'
  | 'reconnectNow'
  | 'startProbe'
  | 'stopProbe'
  | 'startCapture'
  | 'stopCapture'
  | 'keepLast'
  | 'setTriggers'
  | 'recordUnattended'
  | 'fetchRecording'
  | 'deleteRecording'
> = {
  answer: () => undefined,
  reconnectNow: () => undefined,
  startProbe: () => undefined,
  stopProbe: () => undefined,
  startCapture: () => undefined,
  stopCapture: () => undefined,
  keepLast: () => undefined,
  setTriggers: () => undefined,
  recordUnattended: () => undefined,
  fetchRecording: () => undefined,
  deleteRecording: () => undefined,
};
