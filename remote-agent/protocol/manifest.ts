/**
 * A probe manifest says all that is not C about a probe. The options panel, the command line, preflight, the agent's
 * handling of rows and the documentation read it; nothing else knows a probe's name.
 */

/** What a column holds on the wire, and so how the agent makes it from the loader's row. */
export type ColumnType =
  | 'thread' // ThreadDef id, made from the loader's tgid, tid, comm and cgroup fields; u32
  | 'cpu' // CPU number; u32
  | 'stack' // stack id, user frames rootward, kernel frames leafward; u32
  | 'flow' // FlowDef id, made from the loader's struct wire_flow; u32
  | 'count32' // u32
  | 'count64' // u64
  | 'ns' // duration in nanoseconds; u64
  | 'time' // CLOCK_MONOTONIC in nanoseconds; u64, beyond 104 days of uptime to 2 ns
  | 'bytes' // u64
  | 'code' // number out of a table that the column names; u32
  | 'blob' // raw bytes without the zeros at their end: addresses, names
  | 'file'; // what the file descriptor in the loader's row was when the agent looked: path, or words of its own; bytes

/** What the numbers of a `code` column mean. */
export type CodeTable =
  | 'syscall' // protocol/syscalls: table number << 24 | call number
  | 'errno' // 0 = success, else the kernel's error number
  | 'log2-ns' // b: a duration from 2^b up to 2^(b+1) ns, b = 0 also 0 ns; 255: duration not known
  | 'tcp-state' // protocol/network: 1 ESTABLISHED … 11 CLOSING, as the kernel numbers them; 0 = has none
  | 'drop-place'; // protocol/network: what counted a dropped packet

/** How two rows with equal keys become one, also when windows are merged. Rows come in the order of time. */
export type ColumnRole =
  | 'key'
  | 'sum'
  | 'max'
  | 'any' // the two agree, or one of them has nothing (0, no bytes): what there is stays
  | 'last' // the later one, unless that is 0, which means nothing
  | 'min'; // the smaller one; 0 means nothing

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly role: ColumnRole;
  /** Of a `code` column, and only there. */
  readonly table?: CodeTable;
  /**
   * Of `ns` and `time` columns in a compact window: so many ns are one step on the wire, and what is not 0 is rounded to
   * them but never to 0. Where the kernel itself knows it no better.
   */
  readonly grainNs?: number;
  /**
   * Of a key that tells rows apart only within the window in which they were made: where windows are merged it becomes 0,
   * not known, so that a slow link carries no more rows than it did without.
   */
  readonly fades?: true;
  /** Came to the probe when there were recordings of it without. They count as zeros there; such columns stand last. */
  readonly isLate?: true;
  /** A row in which it is not 0 is the last of the flow in the column of this name. */
  readonly ends?: string;
  /** Unit as shown: "samples", "calls", "B", "ns". */
  readonly unit?: string;
  readonly help: string;
}

export type OptionSpec =
  | {
      readonly kind: 'integer';
      readonly name: string;
      readonly label: string;
      readonly min: number;
      readonly max: number;
      /** null = not set. */
      readonly default: number | null;
      readonly unit?: string;
      readonly help: string;
    }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly default: string | null;
      /** JavaScript regular expression the whole value must match. */
      readonly pattern: string;
      /** What its words are names of: the loader is given their numbers on this device. */
      readonly names?: 'syscall' | 'errno';
      readonly help: string;
    };

export interface NeedSpec {
  /** Kernel feature, as preflight names it: protocol/features.ts lists them. */
  readonly feature: string;
  /** What is lost where it is missing; null = the probe cannot run. */
  readonly without: string | null;
}

export interface ProbeManifest {
  /** Stored in recordings; never renamed. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly needs: readonly NeedSpec[];
  readonly options: readonly OptionSpec[];
  /** The loader must be told what the arguments of this device's system calls are (its option `facts`). */
  readonly usesCallFacts?: true;
  /**
   * Its windows travel in the compact form of protocol/columns.ts, for rows that are mostly zeros and neighbours that
   * are alike. Never changed for a probe that exists: its recordings would be misread.
   */
  readonly compact?: true;
  /** Columns of a Window, in wire order. Keys first, late ones last. */
  readonly columns: readonly ColumnSpec[];
  /** Columns whose sum over all rows is what the counters call kept. Without it: the one that weighs a row. */
  readonly counted?: readonly string[];
  readonly display: Display;
}

/** Which kind of view shows the windows, and the column that weighs a row. */
export type Display =
  | { readonly view: 'flamegraph'; readonly weight: string; readonly unit: string }
  | { readonly view: 'calls'; readonly weight: string; readonly unit: string }
  | { readonly view: 'flows'; readonly weight: string; readonly unit: string }
  /** By cause, in the view of another probe. */
  | { readonly view: 'drops'; readonly within: string; readonly weight: string; readonly unit: string }
  /** One by one, in the view of another probe that counts them all. */
  | { readonly view: 'events'; readonly within: string; readonly weight: string; readonly unit: string };
