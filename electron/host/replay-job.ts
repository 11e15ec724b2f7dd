/** A recording, read into a window as fast as the window takes it. */
import { faultOf, type Fault } from '../../remote-agent/protocol/index.ts';
import type { SessionView } from '../bridge/index.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';
import { Outbox, SYSTEM_CLOCK } from '../session/index.ts';
import { demangleSignal } from '../symbols/index.ts';
import type { RunningJob } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

/** A progress bar moves smoothly at ten steps a second. */
const VIEW_EVERY_MS = 100;

export function startReplay(file: string, window: WindowPort): RunningJob {
  const stop = new AbortController();
  const done = replay(file, window, stop.signal);
  return {
    answer: () => undefined,
    disconnect: () => stop.abort(),
    reconnectNow: () => undefined,
    startProbe: () => undefined,
    stopProbe: () => undefined,
    recordingFile: file,
    close: () => {
      stop.abort();
      return done;
    },
  };
}

async function replay(file: string, window: WindowPort, stop: AbortSignal): Promise<void> {
  const show = (view: SessionView) => window.send({ kind: 'state', view });
  let reader: RecordingReader;
  try {
    reader = await openRecording(file);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return show({ kind: 'ended', fault, steps: [], recording: null });
  }
  const view = (complete: boolean, warning: Fault | null): SessionView => {
    const { bytes } = reader.info;
    return { kind: 'replay', file, bytes, progress: complete ? 1 : reader.progress, complete, warning };
  };
  try {
    show(view(false, null));
    await pour(reader, window, stop, () => show(view(false, null)));
    show(view(true, reader.warning));
  } finally {
    await reader.close();
  }
}

/** Settles when the window has published everything. */
async function pour(
  reader: RecordingReader,
  window: WindowPort,
  stop: AbortSignal,
  showProgress: () => void,
): Promise<void> {
  const outbox = new Outbox((signals) => window.sendSignals(signals), SYSTEM_CLOCK, { merge: false });
  let shownMs = SYSTEM_CLOCK.now();
  for await (const signals of reader.batches()) {
    if (stop.aborted) return;
    for (const signal of signals) outbox.push(demangleSignal(signal));
    await outbox.room();
    if (SYSTEM_CLOCK.now() - shownMs < VIEW_EVERY_MS) continue;
    shownMs = SYSTEM_CLOCK.now();
    showProgress();
  }
  await outbox.drained();
}
