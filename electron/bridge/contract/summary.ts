/** What a recording, or a part of it, says of itself: made where it is read, shown in the window. Types only. */
import type { Stretch } from '../../../remote-agent/protocol/marks.ts';

export interface RecordingSummary {
  readonly file: RecordedFile;
  /** From the first window to the last; null where there is none. */
  readonly span: Stretch | null;
  /** Of how long stretches it was added up: counts are exact, times to so much. 0 = of all as it was recorded. */
  readonly stepNs: number;
  /** Most telling first. */
  readonly findings: readonly Finding[];
  readonly device: readonly Fact[];
  /** What was on, in the order in which it began. */
  readonly runs: readonly ProbeRun[];
  readonly amounts: readonly ProbeAmount[];
  /** In words; none: nothing is missing. */
  readonly losses: readonly string[];
  /** What observing took of the device. */
  readonly cost: readonly Fact[];
  readonly lists: readonly TopList[];
}

export interface RecordedFile {
  readonly bytes: number;
  /** Of the file, whatever part of it the summary is of. */
  readonly seconds: number;
  readonly complete: boolean;
  readonly sondeVersion: string;
  readonly formatVersion: number;
  readonly destination: string;
}

export interface Fact {
  readonly name: string;
  readonly text: string;
}

export interface Finding {
  readonly text: string;
  /** Something is missing, or did not work. */
  readonly isTrouble: boolean;
  /** null: there is nothing to be seen of it. */
  readonly lead: Lead | null;
}

/** Where in the window there is more of it. */
export interface Lead {
  /** Whose view: a manifest's id. */
  readonly probe: string;
  /** Within the view; null = whichever is there. */
  readonly tab: string | null;
  /** The process that is looked at then; null = any. */
  readonly pid: number | null;
  /** The whole name of a function or call, or a filter of flows; '' = nothing is looked for. */
  readonly search: string;
}

export interface ProbeRun extends Stretch {
  readonly probe: string;
  /** "Rate 99 Hz, Process 4711" */
  readonly options: string;
  /** Why it ended; '' = it was on until the end. */
  readonly end: string;
  readonly failed: boolean;
}

/** What one probe saw. seen = kept + idle + filtered + lost. */
export interface ProbeAmount {
  readonly probe: string;
  /** What is counted: samples, calls, packets. */
  readonly unit: string;
  /** Covered by windows. */
  readonly seconds: number;
  readonly seen: number;
  readonly kept: number;
  readonly filtered: number;
  readonly lost: number;
}

/** The few that matter most. */
export interface TopList {
  readonly title: string;
  /** The last one takes what room there is. */
  readonly columns: readonly string[];
  readonly rows: readonly TopRow[];
}

export interface TopRow {
  readonly cells: readonly string[];
  readonly lead: Lead;
}
