/** `sonde record HOST`: a session without a window. */
import path from 'node:path';
import type { Fault } from '../../remote-agent/protocol/index.ts';
import { PROBES } from '../../remote-agent/protocol/index.ts';
import { collectProfile, EVERYTHING, type Summary, summarize, summaryText } from '../export/index.ts';
import { openRecording } from '../recording/index.ts';
import type { SessionSink } from '../session/index.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS, sshTarget } from './device-options.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { type Followed, followSession } from './follow-session.ts';
import { DEFAULT_PROBE, PROBE_OPTIONS, probeOf, probeOptions } from './probe-options.ts';
import { bytesText, parseDurationMs } from './quantities.ts';
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
    { name: 'probe', value: 'PROBE', help: `${PROBES.map(({ id }) => id).join(', ')}. Default: ${DEFAULT_PROBE}.` },
    ...PROBE_OPTIONS,
    ...DEVICE_OPTIONS,
  ],
  details: ['Ctrl-C stops and keeps the file; a second Ctrl-C ends at once.', ...DEVICE_DETAILS],
  async run(given, world) {
    const forText = given.value('for');
    const durationMs = forText === null ? null : parseDurationMs(forText, '--for');
    const start = starter(given, world);
    return resultOf(await followSession(world, { start, durationMs }));
  },
};

/** Checks everything that can be checked before anything goes to the device. */
function starter(given: Arguments, world: World): (sink: SessionSink) => ReturnType<World['rooms']['startSession']> {
  const probe = probeOf(given);
  const target = { ...sshTarget(given), probe: probe.id, options: probeOptions(given, probe) };
  const output = given.value('output');
  const { rooms, artifactsDir, cwd } = world;
  const deps = rooms.liveDeps({
    artifactsDir,
    recordingDir: cwd,
    recordingFile: output === null ? null : path.resolve(cwd, output),
  });
  return (sink) => rooms.startSession(target, deps, sink);
}

async function resultOf({ fault, recording, interrupted }: Followed): Promise<Result> {
  const troubles = [fault, recording?.fault ?? null].filter((each) => each !== null);
  const [trouble] = troubles;
  const end = trouble ? { exitCode: exitCodeOf(trouble.code), fault: trouble } : { exitCode: OK };
  if (!recording || recording.file === '') return { ...end, ...nothingRecorded(trouble, interrupted) };
  const { summary, warning } = await summaryOf(recording.file);
  const { file, bytes, seconds } = recording;
  // A device too slow to send what it counts must not look like one that was watched all the time.
  const missing =
    summary.seconds < ENOUGH * seconds ? `, of which ${summary.seconds.toFixed(1)} s are covered by samples` : '';
  const text = `${summaryText(summary)}\n\nrecorded ${seconds.toFixed(1)} s${missing} into ${file} (${bytesText(bytes)})`;
  return { ...end, text, json: { file, bytes, seconds, interrupted, summary }, warning };
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

async function summaryOf(file: string): Promise<{ summary: Summary; warning: Fault | null }> {
  const reader = await openRecording(file);
  try {
    const summary = summarize(await collectProfile(reader.batches(), EVERYTHING));
    return { summary, warning: reader.warning };
  } finally {
    await reader.close();
  }
}
