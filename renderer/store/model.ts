/**
 * What the views see of the data: plain columns and tables, the same for live, replay and demo.
 * Views read them and never write; `version` rises whenever something changed.
 */
import type { ProbeManifest } from '../../remote-agent/protocol/manifest.ts';
import type { SeriesData, SeriesId } from '../../remote-agent/protocol/series.ts';
import type {
  AddressName,
  CostSignal,
  Counters,
  DeviceSignal,
  FrameDef,
  ModuleDef,
  MonotonicNs,
  NoteSignal,
  ProbeSignal,
  ProcessDef,
  ThreadDef,
} from '../../remote-agent/protocol/signal.ts';
import type { Flows } from './flow-table.ts';

/** Tables are indexed by id; index 0 is unused (0 = none). They only grow. */
export interface Tables {
  readonly version: number;
  readonly processes: readonly (ProcessDef | undefined)[];
  readonly threads: readonly (ThreadDef | undefined)[];
  readonly modules: readonly (ModuleDef | undefined)[];
  /** Names that came late are already filled in; `namesVersion` rises when that happens. */
  readonly frames: readonly (FrameDef | undefined)[];
  readonly namesVersion: number;
  /**
   * Prefix tree: parent node (0 = root) and frame per node, by node id; a parent's id is smaller than its child's.
   * Ids 1 … stackCount − 1 are valid: stackCount is the length in use, the arrays themselves are longer.
   */
  readonly stackParents: Uint32Array;
  readonly stackFrames: Uint32Array;
  readonly stackCount: number;
  /** Bounded: those whose rows were all forgotten are forgotten too. */
  readonly flows: Flows;
  /** Names that the device itself has for addresses, by address. */
  readonly addressNames: ReadonlyMap<string, AddressName>;
}

/** The kept windows of one probe, oldest first, and where each window's rows lie. */
export interface WindowAxis {
  readonly version: number;
  readonly rowCount: number;
  readonly windowCount: number;
  /** First row of window i; windowRow[windowCount] = rowCount. */
  readonly windowRow: Uint32Array;
  readonly windowFromNs: Float64Array;
  readonly windowToNs: Float64Array;
  readonly windowCounters: readonly Counters[];
  /** Rows and windows older than this fell out of the bounded memory (the recording still has them); 0 = none did. */
  readonly forgottenBeforeNs: MonotonicNs;
  /** How many rows and windows those were: row i is number rowsForgotten + i of all, whatever was forgotten since. */
  readonly rowsForgotten: number;
  readonly windowsForgotten: number;
}

/** As narrow as its values allow; beyond u32 they are doubles, exact to 2^53. Longer than rowCount. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The same with its rows: columns in the manifest's order. */
export interface ProbeColumns extends WindowAxis {
  readonly manifest: ProbeManifest;
  readonly columns: readonly Column[];
  /** What the numbers in columns of blobs stand for; 0 = empty. */
  readonly blobs: readonly Uint8Array[];
}

/** All that is known of one probe of the session. */
export interface ProbeData {
  readonly windows: ProbeColumns;
  /** Of the whole session, also of windows that were forgotten. */
  readonly totals: Counters;
  /** Started, stopped, failed; the newest last. */
  readonly events: readonly ProbeSignal[];
}

/** What a flame graph is made from, whichever probe it comes from. */
export interface SampleColumns extends WindowAxis {
  readonly thread: Column;
  readonly cpu: Column;
  readonly stack: Column;
  /** Weight, in the manifest's display unit. */
  readonly samples: Column;
  /** In which part of a second, as the manifest says; 0 = not known. Empty where the probe never tells. */
  readonly slot: Column;
}

/** A track of the time axis; its arrays may be longer than count. */
export type Series = SeriesData;

export interface StoreSnapshot {
  readonly version: number;
  readonly device: DeviceSignal | null;
  readonly tables: Tables;
  /** By id; one for every manifest, also while nothing has come from it. */
  readonly probes: ReadonlyMap<string, ProbeData>;
  readonly costs: readonly CostSignal[];
  /** Device wall clock minus monotonic, in ms; null until a clock sample came. */
  readonly wallOffsetMs: number | null;
  /** Start of the oldest kept window and end of the newest, of all probes: what there is to see. Both 0 while there is nothing. */
  readonly firstNs: MonotonicNs;
  readonly lastNs: MonotonicNs;
  readonly notes: readonly NoteSignal[];
  /** One for every id, also while it is empty: of the whole session, whatever part of its windows is kept. */
  readonly series: ReadonlyMap<SeriesId, Series>;
}

/** Which part of the data the views show. One for all views. */
export interface Selection {
  readonly range:
    | { readonly kind: 'last'; readonly seconds: number }
    | { readonly kind: 'all' }
    /** Fixed: also what "pause" makes. */
    | { readonly kind: 'between'; readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs }
    /** Fixed too: two or more, in order, with time between them. */
    | {
        readonly kind: 'several';
        readonly ranges: readonly { readonly fromNs: MonotonicNs; readonly toNs: MonotonicNs }[];
      };
  /** null = any. ids of the tables. */
  readonly process: number | null;
  readonly thread: number | null;
  /** Container name; '' = the host; null = any. */
  readonly container: string | null;
}

export const WHOLE_BOX: Selection = {
  range: { kind: 'last', seconds: 60 },
  process: null,
  thread: null,
  container: null,
};
