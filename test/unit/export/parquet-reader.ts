/**
 * Rows of a Parquet file by way of parquet-wasm, which is Rust's implementation: its columns lie in memory as the Arrow C
 * data interface says (https://arrow.apache.org/docs/format/CDataInterface.html), with pointers of 32 bits.
 */
import { type RecordBatch, readParquet, wasmMemory } from 'parquet-wasm';

export type ParquetCell = string | bigint | null;

export interface ParquetRows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly ParquetCell[])[];
}

export function parquetRows(bytes: Uint8Array): ParquetRows {
  const rows: ParquetCell[][] = [];
  let names: string[] = [];
  for (const batch of readParquet(bytes).recordBatches()) {
    const columns = columnsOf(batch);
    names = columns.map(({ name }) => name);
    for (let row = 0; row < (columns[0]?.cells.length ?? 0); row++)
      rows.push(columns.map(({ cells }) => cells[row] ?? null));
  }
  return { names, rows };
}

interface ColumnCells {
  readonly name: string;
  readonly cells: readonly ParquetCell[];
}

function columnsOf(batch: RecordBatch): ColumnCells[] {
  const ffi = batch.toFFI();
  const view = new DataView((wasmMemory() as WebAssembly.Memory).buffer);
  const [schema, array] = [ffi.schemaAddr(), ffi.arrayAddr()];
  const count = Number(view.getBigInt64(array + 32, true));
  return Array.from({ length: count }, (_, at) => {
    const ofSchema = view.getUint32(view.getUint32(schema + 32, true) + 4 * at, true);
    const ofArray = view.getUint32(view.getUint32(array + 44, true) + 4 * at, true);
    const format = text(view, view.getUint32(ofSchema, true));
    return { name: text(view, view.getUint32(ofSchema + 4, true)), cells: cellsOf(view, format, ofArray) };
  });
}

function cellsOf(view: DataView, format: string, array: number): ParquetCell[] {
  const length = Number(view.getBigInt64(array, true));
  const [valid = 0, second = 0, third = 0] = [0, 4, 8].map((at) =>
    view.getUint32(view.getUint32(array + 40, true) + at, true),
  );
  return Array.from({ length }, (_, row) => {
    if (valid !== 0 && ((view.getUint8(valid + (row >> 3)) >> (row & 7)) & 1) === 0) return null;
    if (format === 'l') return view.getBigInt64(second + 8 * row, true);
    if (format !== 'u') throw new Error(`a column of the format ${format}`);
    const [from, to] = [view.getInt32(second + 4 * row, true), view.getInt32(second + 4 * row + 4, true)];
    return new TextDecoder().decode(new Uint8Array(view.buffer, third + from, to - from));
  });
}

function text(view: DataView, at: number): string {
  let end = at;
  while (view.getUint8(end) !== 0) end++;
  return new TextDecoder().decode(new Uint8Array(view.buffer, at, end - at));
}
