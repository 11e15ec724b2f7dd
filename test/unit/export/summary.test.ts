import { expect, test } from 'vitest';
import { summarize, summaryText } from '../../../electron/export/index.ts';
import { type SignalOptions, signalsFromStacks } from '../../fixtures/signals.ts';
import { recordingOf } from './helpers.ts';

const STACKS = `
  nginx;main;loop;read_[k] 30
  nginx/worker;main;loop;loop;run_[j] 20 @1
  sh;main;loop@libc.so 50 @2
`;

const stacksOf = (stacks: string, options: SignalOptions = {}) => recordingOf(signalsFromStacks(stacks, options));

test('in numbers', async () => {
  const summary = summarize(await stacksOf(STACKS, { lost: { 'map-full': 10 }, idle: 50, hz: 50 }));
  expect(summary.samples).toEqual({
    seen: 260,
    kept: 100,
    idle: 150,
    filtered: 0,
    lost: { 'map-full': 10 },
    incompleteStacks: 0,
    mergedWindows: 0,
  });
  expect(summary.rate).toEqual({ askedHz: 50, cpus: 2, measuredHz: 260 / 3 / 2 });
  expect(summary.cpuBusy).toBeCloseTo(100 / 50 / 3 / 2);
  expect(summary.hottest.map(({ name, self, total }) => `${name} ${self} ${total}`)).toEqual([
    'loop 50 50',
    'read 30 30',
    'run 20 20',
  ]);
  expect(summary.processes).toMatchObject([
    { comm: 'nginx', pid: 101, samples: 50, share: 0.5 },
    { comm: 'sh', pid: 102, samples: 50, share: 0.5 },
  ]);
  expect(summary.ownCost?.cpuPercent).toBeCloseTo(0.95);
  expect(summary.ownCost).toMatchObject({ sentBytesPerSecond: 6000, residentBytes: 44 << 20 });
});

test('a function that calls itself counts once', async () => {
  const { hottest } = summarize(await stacksOf('a;f;f;f 3\na;f;g 1'));
  expect(hottest).toMatchObject([
    { name: 'f', self: 3, total: 4 },
    { name: 'g', self: 1, total: 1, totalShare: 0.25 },
  ]);
});

test('a hole between windows is told', async () => {
  const signals = signalsFromStacks('a;main 1\na;main 2 @1\na;main 4 @5').filter(
    (signal) => signal.kind !== 'window' || signal.rows > 0,
  );
  const summary = summarize(await recordingOf(signals));
  expect(summary).toMatchObject({ seconds: 3, gapSeconds: 3 });
  expect(summaryText(summary)).toContain('no data for 3.0 s in between');
});

test('in words', async () => {
  expect(summaryText(summarize(await stacksOf(STACKS, { lost: { 'map-full': 10 }, idle: 50 })))).toMatchInlineSnapshot(`
    "edge-box: Debian GNU/Linux 12 (bookworm), kernel 6.1.0-41-amd64, x86_64, 2 CPUs
    3.0 s, 99 Hz on 2 CPUs, 43.3 Hz measured, CPUs 16.8% busy
    100 samples kept of 260 seen, 150 idle, 0 filtered out, 0 with an incomplete stack
    lost 10: the kernel table of counts was full

      self  total  function
     50.0%  50.0%  loop  /usr/lib/libc.so
     30.0%  30.0%  read  [kernel]
     20.0%  20.0%  run

     share         process
     50.0%         nginx (101)
     50.0%         sh (102)

    observing took 0.9 % of one CPU, 44 MiB and 12 MiB in the kernel, 6.0 kB/s"
  `);
});

test('of nothing', async () => {
  const summary = summarize(await recordingOf([]));
  expect(JSON.parse(JSON.stringify(summary))).toMatchObject({
    seconds: 0,
    cpuBusy: 0,
    hottest: [],
    processes: [],
    ownCost: null,
  });
  expect(summaryText(summary)).toContain('unknown device');
});
