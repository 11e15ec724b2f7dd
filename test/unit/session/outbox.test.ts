import { expect, test } from 'vitest';
import { Outbox } from '../../../electron/session/outbox.ts';
import { FakeClock } from './fake-clock.ts';

test('what cannot be merged holds the device back once too much of it waits, and lets it go on again', async () => {
  const clock = new FakeClock();
  const underWay: (() => void)[] = [];
  const outbox = new Outbox(() => new Promise((resolve) => underWay.push(resolve)), clock);
  let isHeld = true;
  const pushNotes = (count: number) => {
    for (let i = 0; i < count; i++) outbox.push({ kind: 'note', atNs: i, text: 'x'.repeat(32_000) });
  };
  pushNotes(3000);
  await outbox.room({ backlog: true });
  pushNotes(2000);
  void outbox.room({ backlog: true }).then(() => (isHeld = false));
  await clock.pass(100);
  expect(isHeld).toBe(true);
  for (let batches = 0; batches < 20 && isHeld; batches++) {
    underWay.shift()?.();
    await clock.pass(100);
  }
  expect(isHeld).toBe(false);
});
