/**
 * All tables of a kind as one JSON document. Whole numbers are written out in full, also those beyond 2^53: a reader that
 * needs them exact must not take them for doubles. What is known only at the end stands there.
 */
import type { TableExporter } from '../exporters.ts';
import { type Cell, cellsOf, type ColumnHead, isoTime } from './column.ts';
import type { Section, Table, TableKind, TableOptions, TableSource, Whole } from './table-kind.ts';
import { WINDOW_COLUMNS } from './window-columns.ts';

const VERSION = 1;

export const json: TableExporter = {
  of: 'tables',
  format: 'json',
  title: 'All tables of a probe, with units, range and counters',
  extension: ({ suffix }) => `.${suffix}.json`,
  pieces,
};

async function* pieces(
  { format, tables }: TableKind,
  source: TableSource,
  { perWindow }: Pick<TableOptions, 'perWindow'>,
): AsyncGenerator<string> {
  yield `{"format": ${JSON.stringify(format)}, "version": ${VERSION},\n"units": ${JSON.stringify(unitsOf(tables))},\n`;
  if (perWindow) yield* windows(tables, source);
  else for await (const section of source.sections) yield* lists(tables, section);
  yield `,\n${aboutOf(source.whole())}\n}\n`;
}

const windowRecord = recordOf(WINDOW_COLUMNS);
const windowCells = cellsOf(WINDOW_COLUMNS);

async function* windows(tables: readonly Table[], { sections }: TableSource): AsyncGenerator<string> {
  yield '"windows": [';
  let comma = '\n';
  for await (const section of sections) {
    const time = section.window ? `${windowRecord(windowCells(section.window))},\n` : '';
    yield `${comma}{${time}`;
    yield* lists(tables, section);
    yield '}';
    comma = ',\n';
  }
  yield '\n]';
}

async function* lists(tables: readonly Table[], { rows }: Section): AsyncGenerator<string> {
  for (const [at, { name, columns }] of tables.entries()) {
    const record = recordOf(columns);
    yield `${at === 0 ? '' : ',\n'}"${name}": [`;
    let comma = '\n';
    for await (const some of rows[at] ?? []) {
      if (some.length === 0) continue;
      yield comma + some.map((cells) => `{${record(cells)}}`).join(',\n');
      comma = ',\n';
    }
    yield ']';
  }
}

export function recordOf(columns: readonly ColumnHead[]): (cells: readonly Cell[]) => string {
  const names = columns.map(({ name }) => JSON.stringify(name));
  return (cells) =>
    cells.map((cell, i) => `${names[i]}: ${typeof cell === 'bigint' ? cell : JSON.stringify(cell)}`).join(', ');
}

export function unitsOf(tables: readonly Table[]): Readonly<Record<string, string>> {
  const columns = tables.flatMap(({ columns }) => columns);
  return Object.fromEntries(columns.flatMap(({ name, unit }) => (unit ? [[name, unit]] : [])));
}

export function aboutOf({
  device,
  totals,
  coveredNs,
  gapNs,
  fromNs,
  toNs,
  realtimeMs,
  mergedWindows,
  more,
}: Whole): string {
  const range = { from_ns: fromNs, to_ns: toNs, covered_ns: coveredNs, gap_ns: gapNs, time: isoTime(realtimeMs) };
  const { seen, kept, filtered, lost } = totals;
  const counters = { seen, kept, filtered, lost: Object.fromEntries(lost), merged_windows: mergedWindows };
  const { hostname = '', machine = '', kernelRelease = '', osName = '' } = device ?? {};
  return Object.entries({
    device: { hostname, machine, kernel: kernelRelease, os: osName },
    range,
    counters,
    ...more,
  })
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}
