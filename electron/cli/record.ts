/** `sonde record HOST`: a session without a window. */
import path from 'node:path';
import type { Fault } from '../../remote-agent/protocol/index.ts';
import { collectRecording, EVERYTHING, type Summary, summarize, summaryText } from '../export/index.ts';
import { openRecording } from '../recording/index.ts';
import type { SessionSink } from '../session/index.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS, sshTarget } from './device-options.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { type Followed, followSession } from './follow-session.ts';
import { filterText, PROBE_OPTION, PROBE_OPTIONS, probeChoices, probesOf } from './probe-options.ts';
import { putInOrder } from './put-in-order.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText, parseDurationMs } from './quantities.ts';
import { recordUnattended, refuseUnattendedOptions, UNATTENDED_OPTIONS } from './record-unattended.ts';
import { RecordingLine } from './recording-line.ts';
import type { World } from './world.ts';

/** The first and the last second are rarely whole. */
const ENOUGH = 0.8;

export const record: Command = {
  name: 'record',
  summary: 'Record a device into a file.',
  words: ['HOST'],
  options: [
    { name: 'for', value: 'TIME', help: 'How long, such as 20s or 5m. Default: until Ctrl-C.' },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'The file; it must not exist yet. Default: HOSTNAME-DATE-TIME.sonde.mcap here.',
    },
    ...UNATTENDED_OPTIONS,
    PROBE_OPTION,
    ...PROBE_OPTIONS,
    ...DEVICE_OPTIONS,
  ],
  details: [
    'Several probes are recorded into one file; an option goes to every probe that has it.',
    'Ctrl-C stops and keeps the file; a second Ctrl-C ends at once.',
    'Then the file is put in order: about half as large, and quick to read in parts. Ctrl-C leaves it as it was recorded.',
    'With --unattended the device needs nobody: it ends by itself, runs no probe after that, and keeps what it has until',
    'sonde fetch or sonde remove takes it away.',
    ...DEVICE_DETAILS,
  ],
  async run(given, world) {
    if (given.has('unattended')) return recordUnattended(given, world);
    refuseUnattendedOptions(given);
    const forText = given.value('for');
    const durationMs = forText === null ? null : parseDurationMs(forText, '--for');
    const start = starter(given, world);
    const line = new RecordingLine(durationMs);
    const followed = await followSession(world, {
      start,
      durationMs,
      status: new ProgressLine(world),
      liveLine: (view) => line.text(view),
      onSignals: (signals) => line.take(signals),
    });
    return resultOf(followed, filterText(given), world);
  },
};

/** Checks everything that can be checked before anything goes to the device. */
function starter(given: Arguments, world: World): (sink: SessionSink) => ReturnType<World['rooms']['startSession']> {
  const target = { ...sshTarget(given), probes: probeChoices(given, probesOf(given), 'record') };
  const output = given.value('output');
  const { rooms, artifactsDir, cwd } = world;
  const deps = rooms.liveDeps({
    artifactsDir,
    recordingDir: cwd,
    recordingFile: output === null ? null : path.resolve(cwd, output),
  });
  return (sink) => rooms.startSession(target, deps, sink);
}

async function resultOf(
  { fault, recording, interrupted, failures }: Followed,
  filter: string,
  world: World,
): Promise<Result> {
  const [trouble] = [fault, recording?.fault ?? null, ...failures].filter((each) => each !== null);
  const end = trouble ? { exitCode: exitCodeOf(trouble.code), fault: trouble } : { exitCode: OK };
  if (!recording || recording.file === '') return { ...end, ...nothingRecorded(trouble, interrupted) };
  const { file, seconds } = recording;
  const untidy = await putInOrder(file, world);
  const { summary, warning, bytes } = await summaryOf(file);
  // A device too slow to send what it counts must not look like one that was watched all the time.
  const { calls, slow, flows, dns, drops } = summary;
  const covered = Math.max(summary.seconds, ...[calls, slow, flows, dns, drops].map((part) => part?.seconds ?? 0));
  const missing = covered < ENOUGH * seconds ? `, of which ${covered.toFixed(1)} s are covered by data` : '';
  const text = `${summaryText(summary)}\n\nrecorded ${seconds.toFixed(1)} s${missing} into ${file} (${bytesText(bytes)})`;
  const json = { file, bytes, seconds, interrupted, summary };
  return { ...end, text, json, warning: warning ?? nothingMatched(summary, filter) ?? untidy };
}

/** A filter that was mistyped must not look like an idle device. */
function nothingMatched({ samples, calls, flows, dns }: Summary, filter: string): Fault | null {
  const counted = [
    { unit: 'samples', of: samples },
    { unit: 'calls', of: calls },
    { unit: 'packets', of: flows },
    { unit: 'DNS messages', of: dns },
  ];
  const missed = counted.flatMap(({ unit, of }) =>
    of && of.kept === 0 && of.filtered > 0 ? [`${of.filtered} ${unit}`] : [],
  );
  if (filter === '' || missed.length === 0) return null;
  return {
    code: 'bad-option',
    message: `nothing matched ${filter}: ${missed.join(' and ')} seen and filtered out`,
    hint: 'Look whether it still runs on the device, or record without the filter and choose later.',
  };
}

function nothingRecorded(
  trouble: Fault | undefined,
  interrupted: boolean,
): Pick<Result, 'text' | 'json'> & Partial<Result> {
  const json = { file: null, interrupted };
  if (trouble) return { text: '', json };
  const fault: Fault = {
    code: 'cancelled',
    message: 'nothing was recorded: it was stopped before the first data came',
  };
  return { text: '', json, fault, exitCode: exitCodeOf('cancelled') };
}

async function summaryOf(file: string): Promise<{ summary: Summary; warning: Fault | null; bytes: number }> {
  const reader = await openRecording(file);
  try {
    const summary = summarize(await collectRecording(reader.batches(), { filter: EVERYTHING }));
    return { summary, warning: reader.warning, bytes: reader.info.bytes };
  } finally {
    await reader.close();
  }
}
