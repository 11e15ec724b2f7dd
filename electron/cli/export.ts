/** `sonde export FILE`: a recording, or a part of it, for other tools. */
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/index.ts';
import type { ExportTable } from '../bridge/contract.ts';
import {
  EVERYTHING,
  EXPORT_TABLES,
  EXPORTERS,
  type Exporter,
  exportRecording,
  type ExportReport,
  type ExportRequest,
  findExporter,
  kindOf,
  type ProfileFilter,
  usualTableOf,
} from '../export/index.ts';
import { openRecording, RECORDING_EXTENSION } from '../recording/index.ts';
import { type Arguments, type Command, JSON_OPTION } from './command.ts';
import { OK } from './exit-codes.ts';
import { EXPORT_DETAILS } from './export-help.ts';
import { nearest } from './nearest.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText, parseDurationMs } from './quantities.ts';
import type { World } from './world.ts';

const FORMATS = EXPORTERS.map(({ format }) => format);
const NS_PER_MS = 1e6;

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
    { name: 'from', value: 'TIME', help: 'Leave out what is before this time after the start, such as 30s.' },
    { name: 'to', value: 'TIME', help: 'Leave out what is after this time after the start, such as 1m30s.' },
    { name: 'pid', value: 'PID', help: 'Only this process.' },
    { name: 'tid', value: 'TID', help: 'Only this thread.' },
    {
      name: 'table',
      value: EXPORT_TABLES.join('|'),
      help: 'csv and json: which table. Default: the first that the recording has anything of.',
    },
    {
      name: 'per-window',
      value: null,
      help: 'calls, errors, flows, drops: the rows of every window (a second or so), not of the whole.',
    },
    { name: 'include-own', value: null, help: 'flows: also the connection that Sonde itself talks over.' },
    JSON_OPTION,
  ],
  details: EXPORT_DETAILS,
  async run(given, world) {
    const recording = given.words[0] ?? '';
    const exporter = exporterOf(given);
    const table = await tableOf(given, exporter, recording);
    const output = given.value('output') ?? defaultOutput(recording, extensionOf(exporter, table));
    const toStdout = output === '-';
    if (toStdout && given.json)
      raise('config-invalid', 'cannot write both the export and JSON to stdout', 'Name a file with -o.');
    if (toStdout && world.stdout.isTerminal && exporter.format === 'pprof')
      raise('config-invalid', 'cannot write a compressed file to a terminal', 'Name a file with -o, or pipe it on.');
    const filter = await filterOf(given, recording);
    const options = { filter, table, perWindow: given.has('per-window'), includeOwn: given.has('include-own') };
    const { bytes, counts, warning } = await write(recording, exporter, toStdout ? null : output, options, world);
    const found = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    const text = toStdout ? '' : `${output}: ${found.join(', ')}, ${bytesText(bytes)}`;
    return {
      exitCode: OK,
      text,
      json: { file: output, format: exporter.format, ...(table ? { table } : {}), bytes, ...counts },
      warning,
    };
  },
};

type Options = Pick<ExportRequest, 'filter' | 'table' | 'perWindow' | 'includeOwn'>;

async function write(
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
          'Use --format csv or json.',
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
  if (exporter.of === 'profile') return exporter.extension;
  return exporter.extension(kindOf(table ?? 'calls'));
}

function exporterOf(given: Arguments): Exporter {
  const wanted =
    given.value('format') ??
    raise('config-invalid', 'cannot export: --format is missing', `The formats are ${FORMATS.join(', ')}.`);
  const exporter = findExporter(wanted);
  if (exporter) return exporter;
  const close = nearest(wanted, FORMATS);
  return raise(
    'config-invalid',
    `cannot export: there is no format ${wanted}`,
    close === null ? `The formats are ${FORMATS.join(', ')}.` : `Did you mean ${close}?`,
  );
}

function defaultOutput(recording: string, extension: string): string {
  const base = recording.endsWith(RECORDING_EXTENSION)
    ? recording.slice(0, -RECORDING_EXTENSION.length)
    : recording.replace(/\.mcap$/, '');
  return path.join(path.dirname(base), path.basename(base) + extension);
}

async function filterOf(given: Arguments, recording: string): Promise<ProfileFilter> {
  const [from, to] = [given.value('from'), given.value('to')];
  const startNs = from === null && to === null ? 0 : await startOf(recording);
  const at = (text: string | null, option: string): number | null =>
    text === null ? null : startNs + parseDurationMs(text, option) * NS_PER_MS;
  return {
    ...EVERYTHING,
    fromNs: at(from, '--from'),
    toNs: at(to, '--to'),
    pid: idOf(given, 'pid'),
    tid: idOf(given, 'tid'),
  };
}

/** Device time of the first timed record. */
async function startOf(recording: string): Promise<number> {
  const reader = await openRecording(recording);
  try {
    return reader.info.clock?.deviceMonotonicNs ?? 0;
  } finally {
    await reader.close();
  }
}

function idOf(given: Arguments, option: 'pid' | 'tid'): number | null {
  const text = given.value(option);
  if (text !== null && !/^\d{1,10}$/.test(text))
    raise('config-invalid', `cannot understand --${option} ${text}`, 'Write a number.');
  return text === null ? null : Number(text);
}
