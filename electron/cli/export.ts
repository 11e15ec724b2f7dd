/** `sonde export FILE`: a recording, or a part of it, for other tools. */
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/index.ts';
import type { ExportTable } from '../bridge/contract.ts';
import {
  EXPORT_TABLES,
  EXPORTERS,
  type Exporter,
  exportRecording,
  type ExportReport,
  type ExportRequest,
  findExporter,
  kindOf,
  usualTableOf,
} from '../export/index.ts';
import { RECORDING_EXTENSION } from '../recording/index.ts';
import { type Arguments, type Command, JSON_OPTION, type Result } from './command.ts';
import { OK } from './exit-codes.ts';
import { FILTER_OPTIONS, filterOf } from './export-filter.ts';
import { EXPORT_DETAILS } from './export-help.ts';
import { withRecording } from './foreign.ts';
import { nearest } from './nearest.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText } from './quantities.ts';
import { isRedacted, REDACT_OPTIONS, redactedName, withRedaction } from './redact-stage.ts';
import type { World } from './world.ts';

const FORMATS = EXPORTERS.map(({ format }) => format);

export const exportCommand: Command = {
  name: 'export',
  summary: 'Turn a recording into a file for other tools.',
  words: ['FILE'],
  options: [
    { name: 'format', short: 'f', value: FORMATS.join('|'), help: 'What to make of it.' },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'Where to write it; - is stdout. Default: beside the recording.',
    },
    ...FILTER_OPTIONS,
    {
      name: 'table',
      value: EXPORT_TABLES.join('|'),
      help: 'csv, json, jsonl, parquet: which table. Default: the first that the recording has anything of.',
    },
    {
      name: 'per-window',
      value: null,
      help: 'calls, errors, flows, drops: the rows of every window (a second or so), not of the whole.',
    },
    { name: 'include-own', value: null, help: 'flows: also the connection that Sonde itself talks over.' },
    ...REDACT_OPTIONS,
    JSON_OPTION,
  ],
  details: EXPORT_DETAILS,
  run: (given, world) =>
    withRecording(given.words[0] ?? '', (recording) => exportOf(recording, exporterOf(given), given, world)),
};

/** `recording`: what was named, or what was imported of it. */
async function exportOf(recording: string, exporter: Exporter, given: Arguments, world: World): Promise<Result> {
  const table = await tableOf(given, exporter, recording);
  const output = await outputOf(given, recording, extensionOf(exporter, table));
  const toStdout = output === '-';
  if (toStdout && given.json)
    raise('config-invalid', 'cannot write both the export and JSON to stdout', 'Name a file with -o.');
  if (toStdout && world.stdout.isTerminal && exporter.isBinary)
    raise('config-invalid', `cannot write ${exporter.format} to a terminal`, 'Name a file with -o, or pipe it on.');
  const redacted = await withRedaction(given, recording, await filterOf(given, recording));
  const options = { ...redacted, table, perWindow: given.has('per-window'), includeOwn: given.has('include-own') };
  const { bytes, counts, warning } = await writeExport(recording, exporter, toStdout ? null : output, options, world);
  const found = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const text = toStdout ? '' : `${output}: ${found.join(', ')}, ${bytesText(bytes)}`;
  return {
    exitCode: OK,
    text,
    json: { file: output, format: exporter.format, ...(table ? { table } : {}), bytes, ...counts },
    warning,
  };
}

type Options = Pick<ExportRequest, 'filter' | 'table' | 'perWindow' | 'includeOwn' | 'stage'>;

export async function writeExport(
  recording: string,
  { format }: Exporter,
  file: string | null,
  options: Options,
  world: World,
): Promise<ExportReport> {
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  try {
    const onProgress = (part: number): void => progress.show(`reading ${Math.round(part * 100)} %`);
    return await exportRecording({
      ...options,
      recording,
      format,
      file: file ?? ((piece) => world.stdout.write(piece)),
      stop: stop.signal,
      onProgress,
    });
  } finally {
    progress.clear();
    off();
  }
}

const TABLE_OPTIONS = ['table', 'per-window', 'include-own'];

/** null: the format has none. */
async function tableOf(given: Arguments, { of, format }: Exporter, recording: string): Promise<ExportTable | null> {
  if (of !== 'tables') {
    const wrong = TABLE_OPTIONS.find((name) => given.has(name));
    return wrong === undefined
      ? null
      : raise(
          'config-invalid',
          `cannot export: ${format} has no tables, so no --${wrong}`,
          'Use --format csv, json, jsonl or parquet.',
        );
  }
  const name = given.value('table');
  const table = name === null ? await usualTableOf(recording) : tableCalled(name);
  if (given.has('per-window') && !kindOf(table).hasWindows)
    raise(
      'config-invalid',
      `cannot export: the rows of the table ${table} are of no window`,
      'Leave --per-window out.',
    );
  if (given.has('include-own') && table !== 'flows')
    raise(
      'config-invalid',
      `cannot export: the table ${table} has nothing of Sonde itself`,
      'Leave --include-own out.',
    );
  return table;
}

function tableCalled(name: string): ExportTable {
  return (
    EXPORT_TABLES.find((table) => table === name) ??
    raise('config-invalid', `cannot export: there is no table ${name}`, `The tables are ${EXPORT_TABLES.join(', ')}.`)
  );
}

function extensionOf(exporter: Exporter, table: ExportTable | null): string {
  return exporter.of === 'tables' ? exporter.extension(kindOf(table ?? 'calls')) : exporter.extension;
}

function exporterOf(given: Arguments): Exporter {
  const wanted =
    given.value('format') ??
    raise('config-invalid', 'cannot export: --format is missing', `The formats are ${FORMATS.join(', ')}.`);
  if (/^pcap(ng)?$/.test(wanted)) return noPackets();
  const exporter = findExporter(wanted);
  if (exporter) return exporter;
  const close = nearest(wanted, FORMATS);
  return raise(
    'config-invalid',
    `cannot export: there is no format ${wanted}`,
    close === null ? `The formats are ${FORMATS.join(', ')}.` : `Did you mean ${close}?`,
  );
}

/** People ask for it, because other programs' recordings are packets. */
function noPackets(): never {
  return raise(
    'config-invalid',
    'cannot export as pcapng: a recording has flows and their numbers, no packets',
    'sonde capture DEVICE -o FILE.pcapng writes packets, each with its process. For flows: --format csv --table flows.',
  );
}

/** Beside the file that was named. */
export async function outputOf(given: Arguments, recording: string, extension: string): Promise<string> {
  const [named = ''] = given.words;
  const output = given.value('output');
  if (output !== null) return output;
  if (!isRedacted(given)) return defaultOutput(named, extension);
  if (recording !== named)
    raise(
      'config-invalid',
      'cannot name the file: the name of an imported one may say too much',
      'Name a file with -o.',
    );
  return redactedName(recording, extension);
}

function defaultOutput(recording: string, extension: string): string {
  const base = recording.endsWith(RECORDING_EXTENSION)
    ? recording.slice(0, -RECORDING_EXTENSION.length)
    : recording.replace(/\.mcap$/, '');
  return path.join(path.dirname(base), path.basename(base) + extension);
}
