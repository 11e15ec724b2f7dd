import type { ProbeChoice, UnattendedOrder } from '../../../../electron/bridge/contract.ts';
import {
  DEFAULT_AROUND_S,
  MAX_UNATTENDED_S,
  MIN_UNATTENDED_BYTES,
} from '../../../../remote-agent/protocol/unattended.ts';

/** As typed. */
export interface UnattendedDraft {
  readonly hours: string;
  readonly megabytes: string;
  /** Only what is around the session's triggers. */
  readonly onlyAround: boolean;
}

export const FIRST_DRAFT: UnattendedDraft = { hours: '2', megabytes: '200', onlyAround: false };

export interface DraftErrors {
  readonly hours: string | null;
  readonly megabytes: string | null;
}

const SECONDS_PER_HOUR = 3600;
const MAX_MEGABYTES = 100_000;

/** What is wrong with each field; null = nothing. */
export function checkUnattended({ hours, megabytes }: UnattendedDraft): DraftErrors {
  const seconds = Number(hours) * SECONDS_PER_HOUR;
  const bytes = Number(megabytes) * 1e6;
  return {
    hours: seconds >= 1 && seconds <= MAX_UNATTENDED_S ? null : `Up to ${MAX_UNATTENDED_S / SECONDS_PER_HOUR} hours.`,
    megabytes: bytes >= MIN_UNATTENDED_BYTES && bytes <= MAX_MEGABYTES * 1e6 ? null : `From 1 to ${MAX_MEGABYTES} MB.`,
  };
}

/** Of a draft without errors. */
export function orderOf(
  { hours, megabytes, onlyAround }: UnattendedDraft,
  probes: readonly ProbeChoice[],
  triggers: readonly string[],
): UnattendedOrder {
  return {
    probes,
    forS: Math.round(Number(hours) * SECONDS_PER_HOUR),
    maxBytes: Math.round(Number(megabytes) * 1e6),
    triggers: onlyAround ? triggers : [],
    beforeS: DEFAULT_AROUND_S,
    afterS: DEFAULT_AROUND_S,
  };
}
