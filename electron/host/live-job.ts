/** A session with a device, shown in a window. */
import type { DeviceSignal } from '../../remote-agent/protocol/index.ts';
import type { HostJob, HostToMain, Mark } from '../bridge/index.ts';
import { writeMarks } from '../recording/index.ts';
import { liveDeps, startSession, SYSTEM_CLOCK } from '../session/index.ts';
import { CaptureDesk } from './capture-desk.ts';
import { FlightDesk } from './flight-desk.ts';
import type { Grants } from './grants.ts';
import { KeptSecrets } from './kept-secrets.ts';
import { MarkDesk } from './mark-desk.ts';
import type { RunningJob } from './running-job.ts';
import { keepHeapSmall } from './small-heap.ts';
import { TidyDesk } from './tidy-desk.ts';
import type { WindowPort } from './window-port.ts';

type LiveJob = Extract<HostJob, { kind: 'live' }>;

export function startLive(
  job: LiveJob,
  window: WindowPort,
  grants: Grants,
  tellMain: (message: HostToMain) => void,
): RunningJob {
  const { target, acceptHostKey, artifactsDir, recordingDir } = job;
  keepHeapSmall();
  let device: DeviceSignal | null = null;
  let recordingFile: string | null = null;
  let connected = false;
  let wasAway = false;
  let ended = false;
  let marked: readonly Mark[] = [];
  const marks = new MarkDesk(window, async (all) => {
    if (!ended) return session.setMarks(all);
    await tidying.settled;
    if (recordingFile !== null) await writeMarks(recordingFile, all);
  });
  const passwords = new KeptSecrets(job.secrets, {
    answer: (prompt, value) => session.answer(prompt, value),
    keep: (secrets) => tellMain({ kind: 'keep-secrets', secrets }),
  });
  const session = startSession(
    { ...target, ...(acceptHostKey ? { acceptHostKey } : {}) },
    liveDeps({
      artifactsDir,
      recordingDir: target.record === false ? null : recordingDir,
      keepDir: recordingDir,
      recordingFile: null,
    }),
    {
      onView: (view) => {
        if ('recording' in view) {
          const file = view.recording?.file || null;
          if (file !== null && file !== recordingFile) tellMain({ kind: 'records', file });
          recordingFile = file;
        }
        if (view.kind === 'reconnecting') wasAway = true;
        if (view.kind === 'live' && connected && wasAway) {
          wasAway = false;
          flight.live();
        }
        if (view.kind === 'live' && !connected && device) {
          connected = true;
          flight.live();
          tellMain({ kind: 'connected', hostname: device.hostname, osName: device.osName });
        }
        window.send({ kind: 'state', view: passwords.see(view) });
      },
      onSignals: (signals) => {
        device = signals.find((signal) => signal.kind === 'device') ?? device;
        flight.take(signals);
        return window.sendSignals(signals);
      },
      onFault: (fault) => window.send({ kind: 'fault', fault }),
    },
  );
  const captures = new CaptureDesk({
    device: () => session.device(),
    grants,
    clock: SYSTEM_CLOCK,
    show: (view) => window.send({ kind: 'capture', view }),
  });
  const setMarks = (changed: readonly Mark[]) => {
    marked = changed;
    marks.set(changed);
  };
  const flight = new FlightDesk({
    destination: target.destination,
    folder: recordingDir,
    session: () => session,
    clock: SYSTEM_CLOCK,
    show: (view) => window.send({ kind: 'flight', view }),
    fail: (fault) => window.send({ kind: 'fault', fault }),
    mark: (mark) => setMarks([...marked, mark]),
  });
  // Packets and recordings travel over the session's connection: they end before it does.
  const disconnect = () => void Promise.all([captures.close(), flight.close()]).then(session.disconnect);
  // A bug in the session rejects: the process ends with it, and the window says so.
  const done = session.done.then(() => {
    ended = true;
    tellMain({ kind: 'ended' });
  });
  const tidying = new TidyDesk(done.then(() => recordingFile));
  return {
    answer: (prompt, value, keep) => {
      passwords.answered(prompt, value, keep);
      session.answer(prompt, value);
    },
    disconnect,
    reconnectNow: session.reconnectNow,
    startProbe: session.startProbe,
    stopProbe: session.stopProbe,
    startCapture: (order) => captures.start(order),
    stopCapture: () => captures.stop(),
    keepLast: (seconds) => flight.keepLast(seconds),
    setTriggers: (triggers, keep) => flight.setTriggers(triggers, keep),
    recordUnattended: (order) => flight.recordUnattended(order),
    fetchRecording: (id) => flight.fetch(id),
    deleteRecording: (id) => flight.delete(id),
    setMarks,
    showRange: () => undefined,
    get recordingFile() {
      return recordingFile;
    },
    ordering: null,
    close: () => {
      disconnect();
      return tidying.close();
    },
  };
}
