/** What a report holds: plain data, in the file as JSON, read by the page inside it. Times in seconds of the recording. */
import type { Summary } from '../summary/summary.ts';

export interface ReportData {
  readonly sondeVersion: string;
  /** Device's wall clock at second 0, ms since 1970; null where it was not recorded. */
  readonly startMs: number | null;
  readonly seconds: number;
  readonly summary: Summary;
  /** The summary in sentences, most telling first. */
  readonly findings: readonly string[];
  readonly probes: readonly { readonly title: string; readonly at: number; readonly what: string }[];
  readonly marks: readonly {
    readonly from: number;
    readonly to: number;
    readonly text: string;
    readonly by: string;
  }[];
  readonly tracks: readonly ReportTrack[];
  readonly flame: ReportFlame;
  readonly calls: ReportTable<CallLine>;
  readonly flows: ReportTable<FlowLine>;
}

export interface ReportTrack {
  readonly name: string;
  readonly unit: '%' | '/s' | 'B/s';
  /** Start and end of each value. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly value: readonly number[];
}

/** A tree as columns; a node stands behind its parent. Node 0 is all of it. */
export interface ReportFlame {
  readonly texts: readonly string[];
  readonly parent: readonly number[];
  /** Numbers of texts. */
  readonly name: readonly number[];
  readonly file: readonly number[];
  /** Place in FLAME_KINDS. */
  readonly kind: readonly number[];
  /** Samples of it and what it called. */
  readonly samples: readonly number[];
  /** Boxes that found no room in the file. */
  readonly leftOut: number;
}

/** The largest, and how many more there were. */
export interface ReportTable<T> {
  readonly rows: readonly T[];
  readonly leftOut: number;
}

export interface CallLine {
  readonly call: string;
  /** "nginx (101)": the same text wherever a process is named. */
  readonly who: string;
  readonly count: number;
  readonly errors: number;
  readonly totalNs: number;
  readonly maxNs: number;
  /** Calls by power of two of nanoseconds: bucket, count, bucket, count … */
  readonly buckets: readonly number[];
}

export interface FlowLine {
  readonly who: string;
  readonly protocol: string;
  readonly direction: string;
  readonly state: string;
  readonly local: string;
  readonly remote: string;
  readonly remoteName: string;
  readonly sent: number;
  readonly received: number;
  readonly retransmits: number;
  readonly rttNs: number;
  readonly errno: string;
}
