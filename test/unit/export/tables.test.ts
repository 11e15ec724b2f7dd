/** Tables for programs: the same rows and numbers, whatever the format. Parquet is read by another implementation. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ExportFormat, ExportTable } from '../../../electron/bridge/contract.ts';
import { EVERYTHING, exportRecording, TABLE_KINDS } from '../../../electron/export/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { type ParquetCell, parquetRows } from './parquet-reader.ts';

const CALLS = 'sh read - 3 10\n"=cmd"/w write EIO 4 5 @1\nsh futex - 45 3 @2';

async function exportedAs(format: ExportFormat, table: ExportTable, signals: readonly Signal[], perWindow = false) {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signals);
  const pieces: Buffer[] = [];
  const file = async (piece: string | Uint8Array): Promise<void> => void pieces.push(Buffer.from(piece));
  await exportRecording({ recording, format, table, perWindow, file, filter: EVERYTHING });
  return Buffer.concat(pieces);
}

/** csv writes nothing for what is not known and for empty text, and a ' in front of what would be a formula. */
function asCsv(cell: ParquetCell): string {
  const text = cell === null ? '' : String(cell);
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function csvRows(text: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^,\n]*)([,\n])/g;
  const rows: string[][] = [[]];
  for (const [, quoted = '', end] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const CASES: readonly (readonly [ExportTable, () => readonly Signal[], boolean])[] = [
  ['calls', () => signalsFromCalls(CALLS), false],
  ['calls', () => signalsFromCalls(CALLS), true],
  ['errors', () => signalsFromCalls(CALLS), false],
  ['flows', networkSignals, false],
  ['dns', networkSignals, false],
  ['drops', networkSignals, false],
];

test.each(CASES)('%s: parquet and jsonl hold what csv holds', async (table, signals, perWindow) => {
  const csv = csvRows((await exportedAs('csv', table, signals(), perWindow)).toString());
  const { names, rows } = parquetRows(await exportedAs('parquet', table, signals(), perWindow));
  expect(rows.length).toBeGreaterThan(0);
  expect([names, ...rows.map((row) => row.map(asCsv))]).toEqual(csv);
  const lines = (await exportedAs('jsonl', table, signals(), perWindow)).toString().trimEnd().split('\n');
  expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual(lines.map(() => names));
  expect(lines).toHaveLength(rows.length);
});

test('whole numbers beyond 2^53 stay exact', async () => {
  const waits = [0, 1, 2].map((second) => `sh futex - 45 100 @${second}`).join('\n');
  const signals = signalsFromCalls(waits);
  const { names, rows } = parquetRows(await exportedAs('parquet', 'calls', signals));
  const csv = csvRows((await exportedAs('csv', 'calls', signals)).toString());
  const at = names.indexOf('total_ns');
  expect(rows[0]?.[at]).toBeGreaterThan(2n ** 53n);
  expect(String(rows[0]?.[at])).toBe(csv[1]?.[at]);
  expect((await exportedAs('jsonl', 'calls', signals)).toString()).toContain(`"total_ns": ${csv[1]?.[at]}`);
});

test('a table without rows opens, and has its columns', async () => {
  const signals = signalsFromCalls('sh read - 3 10');
  const file = await exportedAs('parquet', 'errors', signals);
  expect(parquetRows(file).rows).toEqual([]);
  expect(file.toString('latin1')).toContain('errno_number');
});

test('losses, range and units travel in the parquet file', async () => {
  const bytes = await exportedAs('parquet', 'calls', signalsFromCalls('sh read - 3 1', { lost: { 'map-full': 7 } }));
  const text = bytes.toString('latin1');
  expect(text).toContain('"lost":{"map-full":7}');
  expect(text).toContain('"hostname":"edge-box"');
  expect(text).toContain('"total_ns":"ns"');
});

test('every column says whether it is text: no cell of any fixture is refused', () => {
  for (const { tables } of TABLE_KINDS)
    for (const { columns } of tables)
      for (const { name, unit, isText } of columns) expect(isText && unit, name).toBeFalsy();
});
