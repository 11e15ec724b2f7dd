/** A whole session against a device made of fakes: only clock, device and disk are not real. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeChoice, SessionView } from '../../../electron/bridge/contract.ts';
import { type Session, type SessionEnd, startSession } from '../../../electron/session/index.ts';
import type { Fault, Signal } from '../../../remote-agent/protocol/index.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDevice, type Step } from './fake-device.ts';

const CPU = { probe: 'cpu-profile', options: {} };

const target = { destination: 'ops@edge-7', identityFiles: [], knownHostsFile: null };
const verifier: Fault = { code: 'kernel-verifier', message: 'cannot start cpu-profile: the verifier refused it' };

let clock: FakeClock;
let device: FakeDevice;
let session: Session;
let views: SessionView[];
let signals: Signal[];
let faults: Fault[];
let end: SessionEnd | null;
/** Batches wait for it when set. */
let slowWindow: Promise<void> | null;
let batchesUnderWay: number;
let mostBatchesUnderWay: number;

beforeEach(() => {
  clock = new FakeClock();
  device = new FakeDevice(clock);
  views = [];
  signals = [];
  faults = [];
  end = null;
  slowWindow = null;
  batchesUnderWay = 0;
  mostBatchesUnderWay = 0;
});

/** Whatever way a session ended, nothing of it is left open. */
afterEach(async () => {
  session.disconnect();
  await clock.pass(5000);
  expect(end).not.toBeNull();
  expect(device.openConnections.size).toBe(0);
});

function start(...probes: readonly ProbeChoice[]): void {
  session = startSession({ ...target, probes: probes.length > 0 ? probes : [CPU] }, device.deps(), {
    onView: (view) => views.push(view),
    onSignals: async (batch) => {
      mostBatchesUnderWay = Math.max(mostBatchesUnderWay, ++batchesUnderWay);
      if (slowWindow) await slowWindow;
      signals.push(...batch);
      batchesUnderWay--;
    },
    onFault: (fault) => faults.push(fault),
  });
  void session.done.then((value) => {
    end = value;
  });
}

async function goLive(...probes: readonly ProbeChoice[]): Promise<void> {
  start(...probes);
  await clock.pass(300);
  expect(view().kind).toBe('live');
}

const view = (): SessionView => {
  const last = views.at(-1);
  if (!last) throw new Error('nothing was shown');
  return last;
};
/** The sum of the column `samples`. */
const rowsShown = (): number =>
  signals.reduce((sum, signal) => (signal.kind === 'window' ? sum + total(signal.columns[3] as Uint32Array) : sum), 0);
const total = (column: Uint32Array): number => column.reduce((sum, value) => sum + value, 0);
const samplesShown = (): number =>
  signals.reduce((sum, signal) => (signal.kind === 'window' ? sum + signal.counters.kept : sum), 0);

test('it goes through all steps, shows and records from the first record on, and leaves nothing behind', async () => {
  await goLive();
  device.window(10);
  await clock.pass(1000);
  expect(device.log).toEqual(['connect', 'detect', 'becomeRoot', 'install', 'dial', 'start cpu-profile']);
  expect(signals.map(({ kind }) => kind)).toEqual(['device', 'probe', 'window']);
  expect(device.recording.written).toEqual(['1', '2', '3']);
  expect(device.acked.at(-1)).toBe(3);
  expect(view()).toMatchObject({
    link: { user: 'ops', address: '192.0.2.7:22', rttMs: 3 },
    recording: { file: device.recording.file },
  });
  const steps =
    view().kind === 'live' && 'steps' in view() ? (view() as Extract<SessionView, { kind: 'live' }>).steps : [];
  expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'ssh done',
    'detect done',
    'become-root done',
    'upload-loader waiting',
    'upload-node waiting',
    'upload-agent done',
    'start-agent done',
    'start-probe done',
  ]);
  session.disconnect();
  await clock.pass(100);
  expect(device.log.at(-1)).toBe('shutdown run-1');
  expect(device.recording.closed).toBe(true);
  expect(end).toEqual({
    fault: null,
    recording: expect.objectContaining({ file: device.recording.file, fault: null }),
  });
  expect(view().kind).toBe('ended');
});

test('a link that is cut for 20 seconds costs nothing: no record is missing, none comes twice', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.cut();
  for (let second = 0; second < 20; second++) {
    device.window(2);
    await clock.pass(1000);
  }
  expect(view()).toMatchObject({ kind: 'reconnecting', why: 'the connection was reset' });
  device.mend();
  await clock.pass(10_000);
  expect(view().kind).toBe('live');
  device.window(4);
  await clock.pass(1000);
  expect(samplesShown()).toBe(1 + 20 * 2 + 4);
  const records = device.recording.written.filter((entry) => !entry.startsWith('note'));
  expect(records).toEqual(Array.from({ length: 24 }, (_, i) => String(i + 1)));
  expect(device.recording.written.filter((entry) => entry.startsWith('note'))).toEqual([
    'note: link lost: the connection was reset',
    expect.stringMatching(/^note: link back after 2\d s$/),
  ]);
});

test('a record that is sent again because its acknowledgement was lost is recorded and shown once', async () => {
  await goLive();
  device.window(5);
  await clock.pass(20); // shown, but the acknowledgement has not left
  device.cut();
  device.mend();
  await clock.pass(1000);
  expect(samplesShown()).toBe(5);
  expect(device.recording.written.filter((entry) => entry === '3')).toHaveLength(1);
});

test('reconnecting is not waited for when the user is impatient', async () => {
  await goLive();
  device.cut();
  await clock.pass(12_000);
  device.mend();
  session.reconnectNow();
  await clock.pass(50);
  expect(view().kind).toBe('live');
});

test('an attempt that hangs is replaced when the user says that the cable is in', async () => {
  await goLive();
  device.hanging.add('connect');
  device.cut();
  await clock.pass(3000);
  device.hanging.clear();
  device.mend();
  await clock.pass(3000);
  expect(view()).toMatchObject({ kind: 'reconnecting', attempt: 1 });
  session.reconnectNow();
  await clock.pass(50);
  expect(view().kind).toBe('live');
});

test('a link that stays away longer than the lease ends the session with a named reason; the recording is kept', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.cut();
  await clock.pass(66_000);
  expect(view()).toMatchObject({
    kind: 'ended',
    fault: { code: 'link-lost' },
    recording: { file: device.recording.file },
  });
  expect(device.recording.closed).toBe(true);
  expect(device.log.filter((entry) => entry === 'connect').length).toBeGreaterThan(5);
});

test('a cable that is pulled says nothing: silence ends the link', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.freeze();
  await clock.pass(19_000);
  expect(view()).toMatchObject({
    kind: 'reconnecting',
    why: expect.stringMatching(/^nothing came from the device for 1\d s$/),
  });
  device.mend();
  await clock.pass(8000);
  expect(view().kind).toBe('live');
});

test('an agent that is killed is started again once, into the same recording', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.killAgent();
  await clock.pass(3000);
  expect(view().kind).toBe('live');
  device.window(2);
  await clock.pass(1000);
  expect(device.recording.written).toEqual([
    '1',
    '2',
    '3',
    'note: link lost: the relay ended',
    'note: starting the agent again: the agent run is gone',
    '1',
    '2',
    '3',
  ]); // prettier-ignore
  device.killAgent();
  await clock.pass(3000);
  expect(view()).toMatchObject({
    kind: 'ended',
    fault: { code: 'agent-crashed' },
    recording: { file: device.recording.file },
  });
});

test('after a reboot the session ends: another boot has another clock', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.killAgent();
  device.bootId = 'boot-2';
  await clock.pass(3000);
  expect(view()).toMatchObject({
    kind: 'ended',
    fault: { code: 'link-lost', message: expect.stringContaining('the device was restarted') },
  });
});

test('a probe that cannot start ends the session with its fault, and an empty recording is not kept', async () => {
  device.probeFaults.set('cpu-profile', verifier);
  start();
  await clock.pass(500);
  expect(view()).toMatchObject({ kind: 'ended', fault: { code: 'kernel-verifier' }, recording: null });
  expect(device.log.slice(-2)).toEqual(['shutdown run-1', `discard ${device.recording.file}`]);
});

test('a probe of which nothing is heard does not keep the user waiting for ever', async () => {
  device.mute = true;
  start();
  await clock.pass(61_000);
  expect(view()).toMatchObject({ kind: 'ended', fault: { code: 'loader-start', probe: 'cpu-profile' } });
});

const STEPS: readonly Step[] = ['connect', 'detect', 'becomeRoot', 'install', 'dial'];
test.each(STEPS)('stopping during %s leaves nothing half-done', async (step) => {
  device.hanging.add(step);
  start();
  await clock.pass(1000);
  session.disconnect();
  await clock.pass(1000);
  expect(end).toEqual({ fault: null, recording: null });
  expect(view()).toMatchObject({ kind: 'ended', fault: null });
  expect(device.log.at(-1)).toBe(step);
});

test.each(STEPS)('a fault during %s is the reason the session ends with', async (step) => {
  device.failing.set(step, { code: 'auth-failed', message: `not ${step}` });
  start();
  await clock.pass(1000);
  expect(end).toEqual({ fault: { code: 'auth-failed', message: `not ${step}` }, recording: null });
  const failed =
    'steps' in view()
      ? (view() as Extract<SessionView, { kind: 'ended' }>).steps.filter(({ state }) => state === 'failed')
      : [];
  expect(failed).toHaveLength(1);
});

test('a question is shown, answered once, and its password is not asked for again on the way back', async () => {
  device.question = { kind: 'secret', purpose: 'password', text: "ops@edge-7's password", retry: false };
  start();
  await clock.pass(100);
  expect(view()).toMatchObject({ kind: 'connecting', prompt: { kind: 'secret', id: 1 } });
  session.answer(99, 'not for this one');
  await clock.pass(100);
  expect(view()).toMatchObject({ prompt: { id: 1 } });
  session.answer(1, 'hunter2');
  await clock.pass(300);
  expect(view().kind).toBe('live');
  device.cut();
  device.mend();
  await clock.pass(2000);
  expect(view().kind).toBe('live');
  expect(device.answers).toEqual(['hunter2', 'hunter2']);
});

test('a window that takes nothing gets merged windows and exact totals; the recording has every record', async () => {
  let release = () => undefined as void;
  slowWindow = new Promise((resolve) => {
    release = resolve;
  });
  await goLive();
  const count = 100;
  const rows = 10_000; // together far beyond what may wait
  for (let i = 0; i < count; i++) device.window(1, rows);
  await clock.pass(20_000);
  slowWindow = null;
  release();
  await clock.pass(5000);
  expect(samplesShown()).toBe(count * rows);
  expect(rowsShown()).toBe(count * rows);
  expect(signals.filter(({ kind }) => kind === 'window').length).toBeLessThan(count);
  expect(mostBatchesUnderWay).toBeLessThanOrEqual(4);
  expect(device.recording.written).toHaveLength(count + 2);
});

test('a full disk ends the recording, is told, and the session lives on', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  const full: Fault = { code: 'file-io', message: 'the disk is full' };
  device.recording.fail(full);
  device.window(2);
  await clock.pass(1000);
  expect(faults).toEqual([full]);
  expect(view()).toMatchObject({ kind: 'live', recording: { fault: full } });
  expect(samplesShown()).toBe(3);
  expect(device.acked.at(-1)).toBe(4);
});

test('a recording that cannot even be made is told, and the session lives on', async () => {
  device.recording.refusal = { code: 'file-io', message: 'read-only' };
  await goLive();
  expect(faults).toEqual([device.recording.refusal]);
  expect(view()).toMatchObject({ kind: 'live', recording: { file: '', fault: { code: 'file-io' } } });
});

test('records that the agent had to forget are named, not passed over', async () => {
  await goLive();
  device.window(1);
  await clock.pass(1000);
  device.cut();
  for (let second = 0; second < 5; second++) device.window(1);
  device.forgetUpTo(6);
  device.mend();
  await clock.pass(3000);
  const text = 'records 4 to 6 of the agent are lost: its memory was full while the link was cut';
  expect(faults).toEqual([{ code: 'link-lost', message: text }]);
  expect(device.recording.written).toContain(`note: ${text}`);
});

test('a stream that makes no sense ends the session', async () => {
  await goLive();
  device.window(1);
  device.record({ case: 'window', value: { probe: 'cpu-profile', fromNs: 9n, toNs: 3n } });
  await clock.pass(1000);
  expect(view()).toMatchObject({ kind: 'ended', fault: { code: 'out-of-sync' } });
});

test('a host key that changed during an outage is not tried again', async () => {
  await goLive();
  device.window(1);
  device.cut();
  device.mend();
  device.failing.set('connect', { code: 'host-key-changed', message: 'another key' });
  await clock.pass(2000);
  expect(view()).toMatchObject({ kind: 'ended', fault: { code: 'host-key-changed' } });
});

test('a fault of the agent while live is told and survived', async () => {
  await goLive();
  device.say({ case: 'fault', value: { code: 'loader-crashed', message: 'the worker was killed' } });
  await clock.pass(100);
  expect(faults).toEqual([{ code: 'loader-crashed', message: 'the worker was killed' }]);
  expect(view().kind).toBe('live');
});
