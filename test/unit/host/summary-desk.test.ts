/** Summaries for the window: the newest wins, and what cannot be read is said. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { SummaryDesk } from '../../../electron/host/summary-desk.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

const order = (request: number, second: number | null = null) => {
  const ranges = second === null ? [] : [{ fromNs: (1000 + second) * 1e9, toNs: (1001 + second) * 1e9 }];
  return { kind: 'summarise', request, ranges } as const;
};

async function made(): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks('nginx;main 3\nsh;main 4 @1\nsh;main 5 @2'));
  return file;
}

test('of all, and of a part, with its progress', async () => {
  const [desk, file] = [new SummaryDesk(), await made()];
  const progress: number[] = [];
  const whole = await desk.make(file, order(1), (told) => progress.push(told.progress));
  expect(whole).toMatchObject({ kind: 'summary', request: 1, fault: null });
  expect(whole.summary?.amounts.map(({ kept }) => kept)).toEqual([12]);
  expect(progress[0]).toBeGreaterThan(0);
  const part = await desk.make(file, order(2, 1), () => undefined);
  expect(part.summary?.amounts.map(({ kept }) => kept)).toEqual([4]);
});

test('a newer one ends the one before it without an answer', async () => {
  const [desk, file] = [new SummaryDesk(), await made()];
  const both = await Promise.all([
    desk.make(file, order(1), () => undefined),
    desk.make(file, order(2), () => undefined),
  ]);
  expect(both).toMatchObject([
    { request: 1, summary: null, fault: null },
    { request: 2, summary: {}, fault: null },
  ]);
});

test('one that nobody looks at any more ends without an answer', async () => {
  const [desk, file] = [new SummaryDesk(), await made()];
  const making = desk.make(file, order(1), () => undefined);
  desk.cancel();
  expect(await making).toMatchObject({ request: 1, summary: null, fault: null });
});

test('of nothing, or of what is no recording, there is a fault', async () => {
  const desk = new SummaryDesk();
  expect((await desk.make(null, order(1), () => undefined)).fault?.message).toContain('there is no recording');
  expect((await desk.make('/none', order(2), () => undefined)).fault?.code).toBe('file-io');
});

test('a recording that is being put in order is read when it is, unless a newer one is asked for', async () => {
  const [desk, file] = [new SummaryDesk(), await made()];
  let isDone = (): void => undefined;
  const ordering = { done: new Promise<void>((resolve) => (isDone = resolve)), progress: () => 0.5 };
  const told: number[] = [];
  const first = desk.make(file, order(1), () => undefined, ordering);
  const second = desk.make(file, order(2), ({ progress }) => told.push(progress), ordering);
  expect(await first).toMatchObject({ request: 1, summary: null, fault: null });
  await expect.poll(() => told, { timeout: 60_000 }).toContain(0.5);
  isDone();
  expect(await second).toMatchObject({ request: 2, summary: {}, fault: null });
});
