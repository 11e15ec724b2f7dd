/** The page of a recording: what the window shows as Summary. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RecordingSummary, Stretch } from '../../../electron/bridge/contract.ts';
import { overview } from '../../../electron/export/index.ts';
import { openRecording, tidyRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

const STARTED_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const at = (second: number): number => 1000e9 + second * 1e9;

async function overviewOf(signals: readonly Signal[], ranges: readonly Stretch[] = []): Promise<RecordingSummary> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signals, { now: () => STARTED_MS });
  const reader = await openRecording(file);
  try {
    return await overview(reader, { ranges });
  } finally {
    await reader.close();
  }
}

const STACKS = 'nginx;main;loop 30\nsh;main 10 @1\nnginx;main;loop 20 @2';

test('what stands out leads to the view that has more of it', async () => {
  const { findings } = await overviewOf(signalsFromStacks(STACKS, { lost: { 'map-full': 7 } }));
  expect(findings).toMatchObject([
    { text: '7 samples were lost: the kernel table of counts was full.', isTrouble: true, lead: null },
    { text: expect.stringContaining('busy'), lead: null },
    {
      text: 'nginx (101) took 83 % of the CPU time that was sampled.',
      lead: { probe: 'cpu-profile', tab: 'flame', pid: 101, search: '' },
    },
    {
      text: 'loop itself took 83 % of it.',
      isTrouble: false,
      lead: { probe: 'cpu-profile', pid: null, search: 'loop' },
    },
  ]);
  const calls = await overviewOf(signalsFromCalls('sh read - 3 10\nsh openat ENOENT 5 2'));
  expect(calls.findings.map(({ lead }) => lead)).toContainEqual({
    probe: 'syscalls',
    tab: 'errors',
    pid: 101,
    search: 'openat',
  });
  const network = await overviewOf(networkSignals());
  expect(network.findings.map(({ lead }) => lead?.search)).toContain('error:any');
});

test('what was on, from when to when, and why it ended', async () => {
  const signals = signalsFromStacks(STACKS);
  const failed: Signal = {
    kind: 'probe',
    probe: 'dns',
    atNs: at(1),
    what: { kind: 'failed', fault: { code: 'kernel-no-bpf', message: 'cannot start dns' } },
  };
  const { runs, span, losses } = await overviewOf([...signals.slice(0, -1), failed, ...signals.slice(-1)]);
  expect(runs).toMatchObject([
    {
      probe: 'cpu-profile',
      fromNs: at(0),
      toNs: at(3),
      options: 'Rate 99 Hz, Kernel memory 16 MB',
      end: 'asked to',
      failed: false,
    },
    { probe: 'dns', fromNs: at(1), toNs: at(1), end: 'cannot start dns', failed: true },
  ]);
  expect(span).toEqual({ fromNs: at(0), toNs: at(3) });
  expect(losses).toEqual([]);
  const cut = await overviewOf(signals.filter((signal) => signal.kind !== 'probe' || signal.what.kind !== 'stopped'));
  expect(cut.runs).toMatchObject([{ toNs: at(3), end: '' }]);
});

test('of ranges only what is in them, and what lies between them is no gap', async () => {
  const ranges = [
    { fromNs: at(0), toNs: at(1) },
    { fromNs: at(2), toNs: at(3) },
  ];
  const { amounts, lists, losses, file } = await overviewOf(signalsFromStacks(STACKS), ranges);
  expect(amounts).toMatchObject([{ probe: 'cpu-profile', unit: 'samples', seconds: 2, kept: 50, lost: 0 }]);
  expect(lists.find(({ title }) => title === 'Busiest processes')?.rows).toMatchObject([
    { cells: ['100.0 %', 'nginx (101)'], lead: { pid: 101 } },
  ]);
  expect(losses).toEqual([]);
  expect(file.seconds).toBe(3);
});

test('the few of each kind that matter most', async () => {
  const { lists } = await overviewOf(networkSignals());
  const flows = lists.find(({ title }) => title === 'Largest network flows');
  expect(flows?.rows[0]?.lead).toMatchObject({
    probe: 'net-flows',
    search: expect.stringMatching(/^remote:\S+ rport:\d+$/),
  });
  const resent = lists.find(({ title }) => title === 'Flows that had to send most again');
  expect(resent?.rows.map(({ cells }) => cells[0])).toEqual(['2']);
  for (const { columns, rows } of lists) for (const { cells } of rows) expect(cells).toHaveLength(columns.length);
});

test('the clock of the device beside that of the workstation', async () => {
  const clockOf = ({ device }: RecordingSummary) => device.find(({ name }) => name === 'Its clock')?.text;
  const signals = signalsFromStacks(STACKS, { realtimeMs: 0 });
  expect(clockOf(await overviewOf(signals))).toMatch(/^\d+ days behind the workstation/);
  const set: Signal = { kind: 'clock', monotonicNs: at(2), realtimeMs: 3_600_000, uncertaintyNs: 2e6 };
  expect(clockOf(await overviewOf([...signals, set]))).toMatch(/known to 2\.0 ms; it was set forward by 60 min/);
});

test('of a recording in order its sums tell the same, and say how coarse they are', async () => {
  const file = path.join(temporaryFolder(), 'long.sonde.mcap');
  const drawing = Array.from({ length: 300 }, (_, at) => `nginx;main;step_${at % 9} ${1 + (at % 4)} @${at}`);
  await record(file, signalsFromStacks(drawing.join('\n'), { lost: { 'map-full': 3 } }));
  const tell = async (ranges: readonly Stretch[]): Promise<RecordingSummary> => {
    const reader = await openRecording(file);
    const told = await overview(reader, { ranges, sums: { from: 0, rows: 100 } });
    await reader.close();
    return told;
  };
  const range = [{ fromNs: at(70), toNs: at(250) }];
  const [whole, part] = [await tell([]), await tell(range)];
  expect(await tidyRecording(file, { rowsWithoutSums: 0 })).toBe('done');
  const [sums, sumsOfPart] = [await tell([]), await tell(range)];
  expect([whole.stepNs, sums.stepNs > 0, sumsOfPart.stepNs > 0]).toEqual([0, true, true]);
  expect({ ...sums, stepNs: 0, file: whole.file }).toEqual(whole);
  expect({ ...sumsOfPart, stepNs: 0, file: part.file }).toEqual(part);
});

test('of a recording with nothing in it', async () => {
  expect(await overviewOf([])).toMatchObject({ span: null, findings: [], runs: [], amounts: [], lists: [] });
});

test('one that is stopped rejects', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks(STACKS));
  const reader = await openRecording(file);
  const stop = new AbortController();
  const progress: number[] = [];
  const onProgress = (part: number): void => {
    progress.push(part);
    stop.abort();
  };
  await expect(overview(reader, { ranges: [], stop: stop.signal, onProgress })).rejects.toThrow('aborted');
  expect(progress).toHaveLength(1);
  await reader.close();
});
