/** A session whose link, agent or device goes away: nothing is lost, nothing comes twice, or the reason is named. */
import { expect, test } from 'vitest';
import { clock, device, faults, goLive, samplesShown, session, useSession, view } from './session-stage.ts';

useSession();

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
