/** "Keep what just happened": the last seconds become a recording of their own that can be read alone. */
import { expect, test } from 'vitest';
import { KEEP_MS } from '../../../electron/session/keep-ring.ts';
import { faultOf } from '../../../remote-agent/protocol/index.ts';
import { clock, device, goLive, session, useSession } from './session-stage.ts';

useSession();

async function windows(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    device.window(10);
    await clock.pass(1000);
  }
}

test('the last seconds are kept, behind everything they refer to', async () => {
  await goLive();
  await windows(20);
  const { file, seconds } = await session.keepLast(5);
  expect(file).toBe(device.kept.file);
  expect(seconds).toBeGreaterThan(0);
  expect(device.kept.closed).toBe(true);
  // Record 1 is the device, 0 the start of the probe as of then, 3 … 22 are the windows.
  expect(device.kept.written).toEqual(['1', '0', '18', '19', '20', '21', '22']);
  expect(device.recording.closed).toBe(false);
});

test('what is older than the ring is gone, however much is asked for', async () => {
  await goLive();
  await windows(KEEP_MS / 1000 + 30);
  await session.keepLast(100_000);
  expect(device.kept.written.length - 2).toBeLessThanOrEqual(KEEP_MS / 1000 + 1);
});

test('the last seconds are the device’s, also where minutes came at once', async () => {
  await goLive();
  for (let i = 0; i < 600; i++) device.window(10);
  await clock.pass(1000);
  expect((await session.keepLast(30)).seconds).toBe(30);
  expect(device.kept.written).toHaveLength(2 + 30);
});

test('a probe that was started within the first window is named too, on a box that is up for long', async () => {
  await goLive();
  const [counters, columns] = [{ seen: 0n, kept: 0n }, Array.from({ length: 4 }, () => ({ u32: [] }))];
  const value = { probe: 'cpu-profile', fromNs: 1n, toNs: 500_000_000_000n, rows: 0, columns, counters, drains: 1 };
  device.record({ case: 'window', value });
  await clock.pass(1000);
  await session.keepLast(60);
  expect(device.kept.written).toEqual(['1', '0', '3']);
});

test('before anything came there is nothing to keep', async () => {
  await goLive();
  const refused = await session.keepLast(60).catch((error: unknown) => faultOf(error));
  expect(refused).toMatchObject({ code: 'bad-option', message: expect.stringContaining('nothing') });
});
