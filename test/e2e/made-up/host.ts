// A live session without a device: its samples come from a drawing, one second of them each beat. Recorded by the real recorder.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { MessageEvent } from 'electron';
import type { FlightView, RecordingView, SessionView } from '../../../electron/bridge/contract.ts';
import { isMainToHost, type HostToMain } from '../../../electron/bridge/job.ts';
import { WindowPort } from '../../../electron/host/window-port.ts';
import { createRecording, recordingFileName, type RecordingWriter } from '../../../electron/recording/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

/** Put in by device.ts. */
declare const SECRET_OF_MADE_UP: string;

/** Faster than a device's second: a test waits for several. */
const BEAT_MS = 200;
const MAX_SECONDS = 600;
const DRAWN = `
  main work
  main work checksum
  main idle
`;

const QUIET: FlightView = { triggers: [], keepsTriggered: true, waiting: [], busy: null, kept: [] };
const tellMain = (message: HostToMain) => process.parentPort.postMessage(message);

process.parentPort.once('message', ({ data, ports: [port] }: MessageEvent) => {
  if (!isMainToHost(data) || data.kind !== 'job' || data.job.kind !== 'live' || !port)
    throw new Error('not a live job');
  mkdirSync(data.job.recordingDir, { recursive: true });
  const file = path.join(data.job.recordingDir, recordingFileName('made-up', new Date()));
  void run(file, port).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});

async function run(file: string, port: Electron.MessagePortMain): Promise<void> {
  const writer = await createRecording(file, {
    destination: 'root@made-up',
    hostname: 'made-up',
    sondeVersion: '0.1.0',
  });
  const frames = framesFromSignals(signalsFromStacks(DRAWN, { hostname: 'made-up', seconds: MAX_SECONDS }));
  const signals = signalsFromStacks(DRAWN, { hostname: 'made-up', seconds: MAX_SECONDS });
  let seconds = 0;
  const leave = () => void end(writer, window, recordingOf(writer, seconds));
  const window = new WindowPort(port, {
    onMessage: (message) => {
      if (message.kind === 'disconnect') leave();
      if (message.kind === 'record-unattended') window.send({ kind: 'flight', view: RUNNING });
    },
    onClose: leave,
  });
  process.parentPort.on('message', ({ data }: MessageEvent) => {
    if (isMainToHost(data) && data.kind === 'close') leave();
  });
  tellMain({ kind: 'records', file });
  tellMain({ kind: 'connected', hostname: 'made-up', osName: 'Drawn Linux' });
  tellMain({ kind: 'keep-secrets', secrets: [{ purpose: 'password', text: 'Password', secret: SECRET_OF_MADE_UP }] });
  window.send({ kind: 'flight', view: QUIET });
  let at = 0;
  setInterval(() => {
    const next = signals.findIndex((signal, index) => index >= at && signal.kind === 'window') + 1;
    const batch = signals.slice(at, next);
    for (const frame of frames.slice(at, next)) writer.append(frame);
    at = next;
    seconds++;
    void writer.flush().then(() => window.send({ kind: 'state', view: live(recordingOf(writer, seconds)) }));
    void window.sendSignals(batch);
  }, BEAT_MS);
}

const RUNNING: FlightView = {
  ...QUIET,
  waiting: [
    {
      id: 'by-itself',
      brokeOff: false,
      startedMs: 0,
      running: true,
      state: 'recording',
      seconds: 1,
      bytes: 1,
      probes: [],
      firings: 0,
    },
  ],
};

const recordingOf = ({ file, bytes }: RecordingWriter, seconds: number): RecordingView => ({
  file,
  bytes,
  seconds,
  fault: null,
});

const live = (recording: RecordingView): SessionView => ({
  kind: 'live',
  steps: [],
  link: { rttMs: 1, bytesPerSecond: 1, user: 'root', address: '192.0.2.7', mergedWindows: 0 },
  recording,
});

async function end(writer: RecordingWriter, window: WindowPort, recording: RecordingView): Promise<void> {
  await writer.close();
  window.send({ kind: 'state', view: { kind: 'ended', fault: null, steps: [], recording } });
  process.exit(0);
}
