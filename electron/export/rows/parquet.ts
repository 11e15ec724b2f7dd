/**
 * One table as Apache Parquet, for pandas, DuckDB, Spark and Arrow: typed columns, compressed, exact 64-bit numbers. What
 * csv leaves to the reader stands in the file's own metadata: units, device, range, counters, losses.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { SONDE_VERSION } from '../../../remote-agent/protocol/index.ts';
import type { TableExporter } from '../exporters.ts';
import { type Cell, cellsOf, type ColumnHead } from './column.ts';
import { aboutOf, unitsOf } from './json.ts';
import type { TableKind, TableOptions, TableSource } from './table-kind.ts';
import { WINDOW_COLUMNS } from './window-columns.ts';

export const parquet: TableExporter = {
  of: 'tables',
  format: 'parquet',
  title: 'One table as Apache Parquet, for pandas, DuckDB and Spark',
  extension: () => '.parquet',
  isBinary: true,
  pieces,
};

/** Rows per group: what must be held, and what a reader takes at once. */
const GROUP = 50_000;
/** What a signed 64-bit column holds; counters of a kernel end there too. */
const MOST = 2n ** 63n - 1n;

const windowCells = cellsOf(WINDOW_COLUMNS);

async function* pieces(
  kind: TableKind,
  source: TableSource,
  { table, perWindow }: Pick<TableOptions, 'table' | 'perWindow'>,
): AsyncGenerator<Uint8Array> {
  const at = kind.tables.findIndex(({ name }) => name === table);
  const columns = [...(perWindow ? WINDOW_COLUMNS : []), ...(kind.tables[at]?.columns ?? [])];
  const bytes = new Emptied();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: `sonde ${SONDE_VERSION}` });
  let group: Cell[][] = [];
  for await (const { window, rows } of source.sections) {
    const first = window ? windowCells(window) : [];
    for await (const some of rows[at] ?? []) {
      for (const cells of some) group.push([...first, ...cells]);
      if (group.length < GROUP) continue;
      await writeGroup(writer, columns, group);
      group = [];
      yield bytes.take();
    }
  }
  if (group.length > 0) await writeGroup(writer, columns, group);
  writer.kvMetadata = [
    { key: 'sonde', value: `{${aboutOf(source.whole())}}` },
    { key: 'sonde.table', value: table },
    { key: 'sonde.units', value: JSON.stringify(unitsOf([{ name: table, help: '', columns }])) },
  ];
  await writer.finish();
  const ending = bytes.take();
  yield writer.row_groups.length > 0 ? ending : withoutGroups(ending);
}

/**
 * A list without entries is written as one of bytes, and strict readers want one of structs: `num_rows` 0, then
 * `row_groups` with its kind of entries.
 */
function withoutGroups(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  const at = file.indexOf(Buffer.from([0x16, 0x00, 0x19, 0x00]));
  if (at >= 0) file[at + 3] = 0x0c;
  return file;
}

async function writeGroup(
  writer: ParquetWriter,
  columns: readonly ColumnHead[],
  rows: readonly Cell[][],
): Promise<void> {
  const columnData = columns.map(({ name, isText }, at) => ({
    name,
    data: rows.map((cells) => valueOf(cells[at] ?? null, isText === true)),
  }));
  await writer.write({ columnData, rowGroupSize: GROUP });
}

function schemaOf(columns: readonly ColumnHead[]): ParquetWriter['schema'] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, isText }) =>
      isText
        ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
        : ({ name, type: 'INT64', repetition_type: 'OPTIONAL' } as const),
    ),
  ];
}

function valueOf(cell: Cell, isText: boolean): string | bigint | undefined {
  if (cell === null) return undefined;
  if (isText) return String(cell);
  const whole = typeof cell === 'bigint' ? cell : BigInt(cell);
  return whole > MOST ? MOST : whole;
}

/** Gives what was written and forgets it. Places in the file are counted from its beginning all the same. */
class Emptied extends ByteWriter {
  take(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
