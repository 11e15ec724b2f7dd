import type { CaptureWish } from './packet-desk.ts';

/** What is typed before a capture; an empty field means no bound. */
export interface CaptureDraft {
  readonly filter: string;
  readonly snapBytes: string;
  readonly maxMegabytes: string;
  readonly maxSeconds: string;
  readonly rateMegabytes: string;
  readonly ratePackets: string;
}

export type DraftErrors = { readonly [K in keyof CaptureDraft]: string | null };

/** As bpf/capture has them. */
const SNAP = { min: 64, max: 262_144 } as const;
const MAX_RATE_MB = 1000;
const MAX_RATE_PACKETS = 10_000_000;
const MAX_SIZE_MB = 1_000_000;
const MAX_SECONDS = 7 * 86_400;

/** A twentieth of a gigabit, and a file that Wireshark opens in seconds. */
export const FIRST_DRAFT: CaptureDraft = {
  filter: '',
  snapBytes: '',
  maxMegabytes: '1000',
  maxSeconds: '',
  rateMegabytes: '5',
  ratePackets: '',
};

export function wishOf(draft: CaptureDraft): { readonly wish: CaptureWish | null; readonly errors: DraftErrors } {
  const snap = bounded(draft.snapBytes, SNAP.min, SNAP.max, 'bytes');
  const size = bounded(draft.maxMegabytes, 0.001, MAX_SIZE_MB, 'MB');
  const seconds = bounded(draft.maxSeconds, 1, MAX_SECONDS, 'seconds');
  const rate = bounded(draft.rateMegabytes, 0.001, MAX_RATE_MB, 'MB/s');
  const packets = bounded(draft.ratePackets, 1, MAX_RATE_PACKETS, 'packets a second');
  const errors: DraftErrors = {
    filter: null,
    snapBytes: snap.error,
    maxMegabytes: size.error,
    maxSeconds: seconds.error,
    rateMegabytes: rate.error,
    ratePackets: packets.error,
  };
  if (Object.values(errors).some((error) => error !== null)) return { wish: null, errors };
  const wish: CaptureWish = {
    filter: draft.filter.trim(),
    snapBytes: Math.round(snap.value ?? SNAP.max),
    maxBytes: bytesOf(size.value),
    maxSeconds: seconds.value,
    rateBytes: bytesOf(rate.value),
    ratePackets: packets.value === null ? null : Math.round(packets.value),
  };
  return { wish, errors };
}

function bytesOf(megabytes: number | null): number | null {
  return megabytes === null ? null : Math.round(megabytes * 1e6);
}

interface Bounded {
  readonly value: number | null;
  readonly error: string | null;
}

function bounded(text: string, min: number, max: number, unit: string): Bounded {
  const typed = text.trim();
  if (typed === '') return { value: null, error: null };
  const value = /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : Number.NaN;
  if (value >= min && value <= max) return { value, error: null };
  return { value: null, error: `Must be from ${min} to ${max.toLocaleString('en')} ${unit}, or empty.` };
}
