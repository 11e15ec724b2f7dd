/** A session with a device, shown in a window. */
import type { DeviceSignal } from '../../remote-agent/protocol/index.ts';
import type { HostJob, HostToMain } from '../bridge/index.ts';
import { liveDeps, startSession } from '../session/index.ts';
import type { RunningJob } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

type LiveJob = Extract<HostJob, { kind: 'live' }>;

export function startLive(job: LiveJob, window: WindowPort, tellMain: (message: HostToMain) => void): RunningJob {
  const { target, acceptHostKey, artifactsDir, recordingDir } = job;
  let device: DeviceSignal | null = null;
  let recordingFile: string | null = null;
  let connected = false;
  const session = startSession(
    { ...target, ...(acceptHostKey ? { acceptHostKey } : {}) },
    liveDeps({ artifactsDir, recordingDir, recordingFile: null }),
    {
      onView: (view) => {
        if ('recording' in view) recordingFile = view.recording?.file || null;
        if (view.kind === 'live' && !connected && device) {
          connected = true;
          tellMain({ kind: 'connected', hostname: device.hostname, osName: device.osName });
        }
        window.send({ kind: 'state', view });
      },
      onSignals: (signals) => {
        device = signals.find((signal) => signal.kind === 'device') ?? device;
        return window.sendSignals(signals);
      },
      onFault: (fault) => window.send({ kind: 'fault', fault }),
    },
  );
  // A bug in the session rejects: the process ends with it, and the window says so.
  const done = session.done.then(() => tellMain({ kind: 'ended' }));
  return {
    answer: session.answer,
    disconnect: session.disconnect,
    reconnectNow: session.reconnectNow,
    startProbe: session.startProbe,
    stopProbe: session.stopProbe,
    get recordingFile() {
      return recordingFile;
    },
    close: () => {
      session.disconnect();
      return done;
    },
  };
}
