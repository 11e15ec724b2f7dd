/**
 * What a recording says of itself, for its window. Only the newest is wanted: who chose another range has no use for the
 * one before.
 */
import { type Fault, faultOf } from '../../remote-agent/protocol/index.ts';
import type { PortToHost, PortToWindow } from '../bridge/index.ts';
import { overview } from '../export/index.ts';
import { openRecording } from '../recording/index.ts';
import type { Ordering } from './running-job.ts';

type Order = Extract<PortToHost, { kind: 'summarise' }>;
type Told = Extract<PortToWindow, { kind: 'summary' }>;

/** A bar moves smoothly at ten steps a second. */
const PROGRESS_EVERY_MS = 100;
const NOTHING: Fault = {
  code: 'file-io',
  message: 'there is no recording of this session to make a summary of',
  hint: 'A session that is recorded has one, also while it goes on.',
};

export class SummaryDesk {
  #making = new AbortController();

  /** The one under way ends without an answer. */
  cancel(): void {
    this.#making.abort();
  }

  async make(
    recording: string | null,
    { request, ranges }: Order,
    tell: (message: Extract<PortToWindow, { kind: 'summary-progress' }>) => void,
    ordering: Ordering | null = null,
  ): Promise<Told> {
    this.#making.abort();
    const making = new AbortController();
    this.#making = making;
    const told = { kind: 'summary', request } as const;
    if (recording === null) return { ...told, summary: null, fault: NOTHING };
    let toldMs = 0;
    const onProgress = (progress: number): void => {
      const nowMs = Date.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs;
      tell({ kind: 'summary-progress', request, progress });
    };
    try {
      if (ordering) await ordered(ordering, making.signal, onProgress);
      const reader = await openRecording(recording);
      try {
        const summary = await overview(reader, { ranges, stop: making.signal, onProgress });
        return { ...told, summary, fault: null };
      } finally {
        await reader.close();
      }
    } catch (error) {
      if (making.signal.aborted) return { ...told, summary: null, fault: null };
      const fault = faultOf(error);
      if (!fault) throw error;
      return { ...told, summary: null, fault };
    }
  }
}

/** Reading it meanwhile would take minutes of the same thread, and be of no use to anybody afterwards. */
async function ordered(
  { done, progress }: Ordering,
  stop: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<void> {
  const timer = setInterval(() => onProgress(progress()), PROGRESS_EVERY_MS);
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([done, stopped]);
  clearInterval(timer);
}
