/**
 * What the windows of one probe are as tables. Formats are written once for all kinds: a csv holds one table, a json all
 * of a kind.
 *
 *      Signals ─▶ kind.open() ─▶ sections of rows ─▶ csv, json
 */
import type { DeviceSignal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { ExportTable } from '../../bridge/contract.ts';
import type { Batches, CollectOptions } from '../batches.ts';
import type { Covered } from '../coverage.ts';
import type { Cell, ColumnHead } from './column.ts';

export interface Table {
  readonly name: ExportTable;
  /** What a row is: "a row per flow". */
  readonly help: string;
  readonly columns: readonly ColumnHead[];
}

export interface TableKind {
  readonly probe: string;
  /** What a json of it calls itself. */
  readonly format: string;
  /** Between the recording's name and ".json". */
  readonly suffix: string;
  readonly tables: readonly Table[];
  /** Whether a window has rows of its own. */
  readonly hasWindows: boolean;
  /** Its rows are of the device, not of a process. */
  readonly isOfDevice?: true;
  open(batches: () => Batches, options: TableOptions): TableSource | Promise<TableSource>;
}

export interface TableOptions extends CollectOptions {
  readonly table: ExportTable;
  readonly perWindow: boolean;
  /** Of flows: also the connection that Sonde itself talks over. */
  readonly includeOwn: boolean;
}

/** A row of cells for each of the table's columns; some at a time, so that whoever writes can be interrupted between. */
export type RowPieces = Iterable<readonly Cell[][]> | AsyncIterable<readonly Cell[][]>;

export interface Section {
  /** null: of the whole range. */
  readonly window: WindowTime | null;
  /** In the order of the kind's tables. */
  readonly rows: readonly RowPieces[];
}

export interface TableSource {
  readonly sections: Iterable<Section> | AsyncIterable<Section>;
  /** What is in the file. Right when the sections have come to their end, as is `whole`. */
  readonly counts: Readonly<Record<string, number>>;
  whole(): Whole;
}

/** What is true of all rows together. */
export interface Whole extends Covered {
  readonly device: DeviceSignal | null;
  /** Device's wall clock at fromNs, ms since 1970; null where it was not recorded. */
  readonly realtimeMs: number | null;
  /** More members of a json, by name. */
  readonly more: Readonly<Record<string, unknown>>;
}

export interface WindowTime extends Pick<WindowSignal, 'fromNs' | 'toNs'> {
  readonly realtimeMs: number | null;
}

/** Rows per piece. */
const BATCH = 1000;

export function* piecesOf<R>(rows: readonly R[], cells: (row: R) => Cell[]): Generator<Cell[][], void, void> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH).map(cells);
}
