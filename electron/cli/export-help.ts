/** What `sonde help export` says of formats and tables: taken from them. */
import { EXPORTERS, TABLE_KINDS, WINDOW_COLUMNS } from '../export/index.ts';

export const EXPORT_DETAILS: readonly string[] = [
  ...EXPORTERS.map(({ format, title }) => `${format.padEnd(12)} ${title}`),
  '',
  'There is no pcapng: a recording has flows and their numbers, no packets. sonde capture writes packets.',
  'A time of --from and --to is one after the start, such as 30s or 1m30s, or one by the clock of the workstation that',
  'recorded, such as 2026-05-03T14:02:11 or 2026-05-03T12:02:11Z.',
  '',
  ...tableLines(),
  'In front of them with --per-window:',
  ...columnLines(WINDOW_COLUMNS),
  '',
  'Where no table is named, it is the first of these that the recording has anything of. A json holds all tables of its',
  'probe with the same names, units, range and counters. Its whole numbers may be beyond 2^53. In csv, text that a',
  "spreadsheet would take for a formula has a ' in front.",
];

/** Columns that a table shares with the one before it are not said again. */
function tableLines(): string[] {
  return TABLE_KINDS.flatMap(({ tables }) =>
    tables.flatMap(({ name, help, columns }, at) => {
      const said = new Set((tables[at - 1]?.columns ?? []).map((column) => column.name));
      const besides = said.size > 0 ? '; besides those that are the same' : '';
      const own = columns.filter((column) => !said.has(column.name));
      return [`Columns of --table ${name}, ${help}${besides}:`, ...columnLines(own), ''];
    }),
  );
}

function columnLines(columns: readonly { readonly name: string; readonly help: string }[]): string[] {
  return columns.map(({ name, help }) => `  ${name.padEnd(16)} ${help}`);
}
