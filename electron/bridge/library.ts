/** The recordings of this workstation, as the library shows them. Types, constants and what follows from them alone. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';

export interface Library {
  readonly folder: string;
  readonly recordings: readonly LibraryEntry[];
  readonly rules: CleanUpRules;
}

export interface LibraryEntry {
  readonly file: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** The user's own words. */
  readonly note: string;
  /** Never cleaned up: the user said so, or a mark in the recording that begins with "keep". */
  readonly isKept: boolean;
  /** A session reads it or writes it now. */
  readonly isOpen: boolean;
  readonly about: AboutRecording;
}

export type AboutRecording =
  /** Not looked at yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unreadable'; readonly message: string; readonly hint: string }
  | {
      readonly kind: 'read';
      readonly hostname: string;
      readonly destination: string;
      readonly startedMs: number;
      readonly seconds: number;
      readonly isComplete: boolean;
      /** Manifest ids. */
      readonly probes: readonly string[];
      /** Names, those with most samples first. */
      readonly processes: readonly string[];
      /** Share of the samples that the first of them had; null where nothing was sampled. */
      readonly topShare: number | null;
      /** Events that were lost, of all probes. */
      readonly lost: number;
      /** The words of its marks. */
      readonly marks: readonly string[];
    };

/** null = no limit. */
export interface CleanUpRules {
  readonly maxBytes: number | null;
  readonly maxDays: number | null;
}

export const NO_RULES: CleanUpRules = { maxBytes: null, maxDays: null };

export interface Deleted {
  readonly file: string;
  /** null = it is gone. */
  readonly fault: Fault | null;
}

/** To the trash of the system, or for ever where it has none. */
export type DeleteWay = 'trash' | 'for-ever';

const MS_PER_DAY = 86_400_000;

/** When it was made, as far as is known. */
export function madeMs({ about, modifiedMs }: LibraryEntry): number {
  return about.kind === 'read' ? about.startedMs : modifiedMs;
}

/** What goes by the rules, oldest first: what is too old, then as many of the oldest as are too much. */
export function dueForCleanUp(
  recordings: readonly LibraryEntry[],
  { maxBytes, maxDays }: CleanUpRules,
  nowMs: number,
): LibraryEntry[] {
  const oldestFirst = recordings.toSorted((a, b) => madeMs(a) - madeMs(b));
  let bytes = recordings.reduce((sum, entry) => sum + entry.bytes, 0);
  return oldestFirst.filter((entry) => {
    if (entry.isKept || entry.isOpen || entry.about.kind === 'waiting') return false;
    const isOld = maxDays !== null && madeMs(entry) < nowMs - maxDays * MS_PER_DAY;
    const isTooMuch = maxBytes !== null && bytes > maxBytes;
    if (isOld || isTooMuch) bytes -= entry.bytes;
    return isOld || isTooMuch;
  });
}
