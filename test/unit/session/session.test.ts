/** A whole session: its steps, its questions, its recording, and every way it can end before it is live. */
import { expect, test } from 'vitest';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/index.ts';
import type { Step } from './fake-device.ts';
import {
  clock,
  device,
  end,
  faults,
  goLive,
  holdWindow,
  mostBatchesUnderWay,
  rowsShown,
  samplesShown,
  session,
  signals,
  start,
  useSession,
  view,
} from './session-stage.ts';

const verifier: Fault = { code: 'kernel-verifier', message: 'cannot start cpu-profile: the verifier refused it' };

useSession();

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
  holdWindow(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  await goLive();
  const count = 100;
  const rows = 10_000; // together far beyond what may wait
  for (let i = 0; i < count; i++) device.window(1, rows);
  await clock.pass(20_000);
  holdWindow(null);
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

test('a fault of the agent while live is told and survived', async () => {
  await goLive();
  device.say({ case: 'fault', value: { code: 'loader-crashed', message: 'the worker was killed' } });
  await clock.pass(100);
  expect(faults).toEqual([{ code: 'loader-crashed', message: 'the worker was killed' }]);
  expect(view().kind).toBe('live');
});

test('ended while its file is just being made: the file is closed, and goes where nothing is in it', async () => {
  let made = () => {};
  device.recording.ready = new Promise((resolve) => (made = resolve));
  start();
  await clock.pass(300);
  session.disconnect();
  await clock.pass(20_000);
  expect(device.recording.closed).toBe(false);
  made();
  await clock.pass(1000);
  expect(device.recording.closed).toBe(true);
  expect(device.log.at(-1)).toBe(`discard ${device.recording.file}`);
});
