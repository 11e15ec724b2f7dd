import { useEffect, useState } from 'react';
import type { RecordingSummary } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { RangeNs } from '../../store/index.ts';

export interface SummaryDesk {
  /** No ranges: all of it. null: a newer one was asked for meanwhile. */
  summarise(
    ranges: readonly RangeNs[],
    onProgress: (progress: number) => void,
  ): Promise<
    { readonly ok: true; readonly summary: RecordingSummary } | { readonly ok: false; readonly fault: Fault } | null
  >;
  /** Of a large recording it takes minutes: nobody looks any more. */
  cancelSummary(): void;
}

export interface ShownSummary {
  /** Of the ranges before these, until these are there. */
  readonly summary: RecordingSummary | null;
  /** What it is of. */
  readonly ranges: readonly RangeNs[];
  readonly fault: Fault | null;
  /** 0..1 while one is being made; null = none is. */
  readonly progress: number | null;
}

/** An edge that is moved, or a recording that plays, does not ask at every step. */
const STILL_MS = 300;
/** A session that goes on is read again and again, but not for more than a tenth of the time. */
const APART_MS = 5000;
const APART_TIMES = 10;

const NOTHING: ShownSummary = { summary: null, ranges: [], fault: null, progress: null };

/** `ranges` none = all; a new array where they changed. `grows`: there is more to read in a moment. */
export function useSummary(
  desk: SummaryDesk,
  ranges: readonly RangeNs[],
  { isShown, grows }: { readonly isShown: boolean; readonly grows: boolean },
): ShownSummary {
  const [shown, setShown] = useState(NOTHING);
  useEffect(() => {
    if (!isShown) return;
    let isWanted = true;
    let isAsked = false;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      const beganMs = performance.now();
      const told = (progress: number) => isWanted && setShown((before) => ({ ...before, progress }));
      told(0);
      isAsked = true;
      const outcome = await desk.summarise(ranges, told);
      isAsked = false;
      if (!isWanted || !outcome) return;
      setShown((before) =>
        outcome.ok
          ? { summary: outcome.summary, ranges, fault: null, progress: null }
          : { ...before, fault: outcome.fault, progress: null },
      );
      const tookMs = performance.now() - beganMs;
      if (grows) timer = setTimeout(() => void ask(), Math.max(APART_MS, APART_TIMES * tookMs));
    };
    timer = setTimeout(() => void ask(), STILL_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
      if (isAsked) desk.cancelSummary();
    };
  }, [desk, ranges, isShown, grows]);
  return shown;
}
