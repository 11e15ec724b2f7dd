/**
 * What a recording says of itself, for its window. Only the newest is wanted: who chose another range has no use for the
 * one before.
 */
import { type Fault, faultOf } from '../../remote-agent/protocol/index.ts';
import type { PortToHost, PortToWindow } from '../bridge/index.ts';
import { overview } from '../export/index.ts';
import { openRecording } from '../recording/index.ts';

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

  async make(
    recording: string | null,
    { request, ranges }: Order,
    tell: (message: Extract<PortToWindow, { kind: 'summary-progress' }>) => void,
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
