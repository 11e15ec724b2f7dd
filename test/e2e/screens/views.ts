// States of a session for the screens, as a session host would send them.
import { STEP_IDS } from '../../../electron/bridge/contract.ts';
import type { Prompt, RecordingView, SessionView, StepId, StepView } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';

const DETAILS: Partial<Record<StepId, string>> = {
  ssh: 'mara@192.168.1.20, ed25519 key',
  detect: 'Debian GNU/Linux 12, Linux 6.1.0-28-arm64, aarch64, 1.2 GB free in /var/tmp',
  'become-root': 'sudo without a password',
  'upload-loader': '0.5 MB',
  'upload-node': '32 MB',
};

/** All steps before `running` are done. */
export function stepsAt(running: StepId, failed = false): readonly StepView[] {
  const at = STEP_IDS.indexOf(running);
  return STEP_IDS.map((id, index) => {
    const state = index < at ? 'done' : index > at ? 'waiting' : failed ? 'failed' : 'running';
    const progress = id === 'upload-node' && state === 'running' ? 0.59 : null;
    const elapsedMs = index > at ? 0 : ([380, 640, 210, 90, 3400, 120, 900, 700][index] ?? 0);
    return { id, state, detail: index > at ? '' : (DETAILS[id] ?? ''), progress, elapsedMs };
  });
}

export const DONE_STEPS = STEP_IDS.map(
  (id): StepView => ({ id, state: 'done', detail: '', progress: null, elapsedMs: 300 }),
);

export const RECORDING: RecordingView = {
  file: '/home/mara/Sonde/gateway-7 2026-05-03 14-00-00.mcap',
  bytes: 1_834_000,
  seconds: 240,
  fault: null,
};

export const LIVE: SessionView = {
  kind: 'live',
  steps: DONE_STEPS,
  link: { rttMs: 12.4, bytesPerSecond: 10_400, user: 'mara', address: '192.168.1.20:22', mergedWindows: 0 },
  recording: RECORDING,
};

export const REPLAY: Extract<SessionView, { kind: 'replay' }> = {
  kind: 'replay',
  file: RECORDING.file,
  bytes: 1_834_000,
  progress: 1,
  complete: true,
  warning: null,
  extent: null,
  loaded: null,
  tidying: false,
  importedFrom: null,
};

export const LINK_LOST: Fault = {
  code: 'link-lost',
  message: 'cannot reach mara@192.168.1.20: no answer for 5 minutes',
  hint: 'Is the device switched on and its network cable in? The recording is kept; connect again to go on.',
  detail: 'connect ETIMEDOUT 192.168.1.20:22\nattempt 11, last after 30 s',
};

export const NO_TRACEFS: Fault = {
  code: 'kernel-no-tracefs',
  message: 'cannot start cpu-profile: cannot open perf event: operation not permitted',
  hint: 'Run as root on the device: sysctl kernel.perf_event_paranoid=1',
  detail: 'perf_event_open(type=1, config=0, cpu=2): errno 1 (EPERM)\nkernel.perf_event_paranoid = 4',
  probe: 'cpu-profile',
};

export const NO_SYSCALLS: Fault = {
  code: 'kernel-no-bpf',
  message: 'cannot start syscalls: cannot attach sys_enter: no such tracepoint',
  hint: 'The kernel of the device was built without CONFIG_HAVE_SYSCALL_TRACEPOINTS.',
  probe: 'syscalls',
};

export const NO_DNS: Fault = {
  code: 'kernel-no-permission',
  message: 'cannot start dns: cannot open a raw socket: operation not permitted',
  hint: 'Sonde needs root on the device: connect as root, or as somebody who may use sudo.',
  detail: 'socket(AF_PACKET): errno 1 (EPERM)',
  probe: 'dns',
};

export const HOST_KEY: Prompt = {
  kind: 'host-key',
  id: 1,
  host: '192.168.1.20',
  algorithm: 'ssh-ed25519',
  fingerprint: 'SHA256:p3vYhQ0mJb1v2cJ8r6b0uXy5m7r1Qe9sT4kLw2nZ8aE',
};

export const SUDO: Prompt = {
  kind: 'secret',
  id: 2,
  purpose: 'sudo',
  text: '[sudo] password for mara on gateway-7:',
  retry: true,
};

export function connecting(running: StepId, prompt: Prompt | null = null): SessionView {
  return { kind: 'connecting', steps: stepsAt(running), prompt };
}
