/** `sonde export FILE`: a recording, or a part of it, for other tools. */
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  CALL_COLUMNS,
  ERROR_COLUMNS,
  EVERYTHING,
  EXPORT_TABLES,
  EXPORTERS,
  type Exporter,
  exportRecording,
  type ExportReport,
  type ExportRequest,
  findExporter,
  type ProfileFilter,
  SLOW_COLUMNS,
  WINDOW_COLUMNS,
} from '../export/index.ts';
import { openRecording, RECORDING_EXTENSION } from '../recording/index.ts';
import { type Arguments, type Command, JSON_OPTION } from './command.ts';
import { OK } from './exit-codes.ts';
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
      help: 'Which table a csv holds; slow, in json too: single calls. Default: calls.',
    },
    {
      name: 'per-window',
      value: null,
      help: 'csv and json: the tables of every window (a second or so), not of the whole.',
    },
    JSON_OPTION,
  ],
  details: [
    ...EXPORTERS.map(({ format, title, extension }) => `${format.padEnd(12)} ${title} (${extension})`),
    '',
    'Columns of --table calls, a row per process and call:',
    ...columnLines(CALL_COLUMNS),
    '',
    'Columns of --table errors, a row per process, call and error; besides those that are the same:',
    ...columnLines(ERROR_COLUMNS.filter(({ name }) => !CALL_COLUMNS.some((column) => column.name === name))),
    '',
    'In front of them with --per-window:',
    ...columnLines(WINDOW_COLUMNS),
    '',
    'Columns of --table slow, a row per call that the probe slow-syscalls kept:',
    ...columnLines(SLOW_COLUMNS),
    '',
    'json holds the first two with the same names, units, range and counters. Its whole numbers may be beyond 2^53.',
    "In csv, text that a spreadsheet would take for a formula has a ' in front.",
  ],
  async run(given, world) {
    const recording = given.words[0] ?? '';
    const exporter = exporterOf(given);
    const output = given.value('output') ?? defaultOutput(recording, exporter);
    const toStdout = output === '-';
    if (toStdout && given.json)
      raise('config-invalid', 'cannot write both the export and JSON to stdout', 'Name a file with -o.');
    if (toStdout && world.stdout.isTerminal && exporter.format === 'pprof')
      raise('config-invalid', 'cannot write a compressed file to a terminal', 'Name a file with -o, or pipe it on.');
    const filter = await filterOf(given, recording);
    const options = { ...callOptions(given, exporter), filter };
    const { bytes, counts, warning } = await write(recording, exporter, toStdout ? null : output, options, world);
    const found = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    const text = toStdout ? '' : `${output}: ${found.join(', ')}, ${bytesText(bytes)}`;
    return { exitCode: OK, text, json: { file: output, format: exporter.format, bytes, ...counts }, warning };
  },
};

type Options = Pick<ExportRequest, 'filter' | 'table' | 'perWindow'>;

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

/** What only makes sense for system calls. */
function callOptions(given: Arguments, { of, format }: Exporter): Pick<Options, 'table' | 'perWindow'> {
  const perWindow = given.has('per-window');
  const table = given.value('table');
  if (of !== 'calls' && (perWindow || table !== null))
    raise('config-invalid', `cannot export: ${format} has no tables of system calls`, 'Use --format csv or json.');
  if (table !== null && table !== 'slow' && format === 'json')
    raise('config-invalid', 'cannot export: json holds all tables but slow, so --table says nothing', 'Leave it out.');
  const known = EXPORT_TABLES.find((name) => name === table);
  if (table !== null && !known)
    raise('config-invalid', `cannot export: there is no table ${table}`, `The tables are ${EXPORT_TABLES.join(', ')}.`);
  if (known === 'slow' && perWindow)
    raise('config-invalid', 'cannot export: single calls are of no window', 'Leave --per-window out.');
  return { perWindow, ...(known ? { table: known } : {}) };
}

function columnLines(columns: readonly { readonly name: string; readonly help: string }[]): string[] {
  return columns.map(({ name, help }) => `  ${name.padEnd(13)} ${help}`);
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

function defaultOutput(recording: string, { extension }: Exporter): string {
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
