/** `sonde export FILE`: a recording, or a part of it, for other tools. */
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  EVERYTHING,
  EXPORTERS,
  type Exporter,
  exportRecording,
  findExporter,
  type ProfileFilter,
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
    JSON_OPTION,
  ],
  details: EXPORTERS.map(({ format, title, extension }) => `${format.padEnd(12)} ${title} (${extension})`),
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
    const report = await write(recording, exporter, toStdout ? null : output, filter, world);
    const { bytes, samples, stacks, warning } = report;
    const text = toStdout ? '' : `${output}: ${samples} samples, ${stacks} stacks, ${bytesText(bytes)}`;
    return { exitCode: OK, text, json: { file: output, format: exporter.format, bytes, samples, stacks }, warning };
  },
};

async function write(
  recording: string,
  { format }: Exporter,
  file: string | null,
  filter: ProfileFilter,
  world: World,
): ReturnType<typeof exportRecording> {
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  try {
    const onProgress = (part: number): void => progress.show(`reading ${Math.round(part * 100)} %`);
    return await exportRecording({
      recording,
      format,
      file: file ?? ((piece) => world.stdout.write(piece)),
      filter,
      stop: stop.signal,
      onProgress,
    });
  } finally {
    progress.clear();
    off();
  }
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
