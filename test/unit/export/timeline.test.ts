/** Formats that have time: Firefox and Perfetto. */
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { EVERYTHING, exportRecording, type ProfileFilter, within } from '../../../electron/export/index.ts';
import { writeMarks } from '../../../electron/recording/index.ts';
import type { ExportFormat } from '../../../electron/bridge/contract.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

async function exportedAs(format: ExportFormat, signals: readonly Signal[], filter: Partial<ProfileFilter> = {}) {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signals);
  const pieces: Buffer[] = [];
  await exportRecording({
    recording,
    format,
    file: async (piece) => void pieces.push(Buffer.from(piece)),
    filter: { ...EVERYTHING, ...filter },
  });
  return Buffer.concat(pieces);
}

interface FirefoxThread {
  readonly name: string;
  readonly pid: string;
  readonly stringArray: readonly string[];
  readonly samples: { readonly stack: number[]; readonly time: number[]; readonly weight: number[] };
  readonly stackTable: { readonly prefix: (number | null)[]; readonly frame: number[] };
  readonly funcTable: { readonly name: number[] };
}

function stacksOf({ samples, stackTable, funcTable, stringArray }: FirefoxThread): string[] {
  return samples.stack.map((leaf, at) => {
    const names: string[] = [];
    for (let node: number | null = leaf; node !== null; node = stackTable.prefix[node] ?? null)
      names.unshift(stringArray[funcTable.name[stackTable.frame[node] ?? 0] ?? 0] ?? '?');
    return `${names.join(';')} ${samples.weight[at]} @${samples.time[at]}`;
  });
}

const STACKS = 'nginx;main;loop 3\nnginx/worker;main;read_[k] 2 @1\nnginx;main;loop 1 @2\nsh;main 4 @2';

test('firefox: threads with their stacks, where in the window they were is spread over it', async () => {
  const file = gunzipSync(await exportedAs('firefox', signalsFromStacks(STACKS)));
  const { meta, threads } = JSON.parse(file.toString()) as { meta: { interval: number }; threads: FirefoxThread[] };
  expect(meta.interval).toBeCloseTo(1000 / 99);
  const said = threads.map((thread) => [thread.name, thread.pid, stacksOf(thread)]);
  expect(said).toHaveLength(3);
  expect(said).toEqual(
    expect.arrayContaining([
      ['nginx', '101', ['main;loop 3 @500', 'main;loop 1 @2500']],
      ['worker', '101', ['main;read 2 @1500']],
      ['sh', '102', ['main 4 @2500']],
    ]),
  );
});

test('firefox: where rows know their part of the second, samples stand there', async () => {
  const signals = signalsFromStacks('sh;main;late 2 @1 ~640\nsh;main;early 1 @1 ~40\nsh;main 4 @200 ~980');
  const { threads } = JSON.parse(gunzipSync(await exportedAs('firefox', signals)).toString()) as {
    threads: [FirefoxThread];
  };
  // The middle of a slot of 20 ms.
  expect(stacksOf(threads[0])).toEqual(['main;early 1 @1050', 'main;late 2 @1650', 'main 4 @200990']);
});

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly args: {
    readonly name?: string;
    readonly data?: {
      readonly cpuProfile?: { readonly nodes: readonly { readonly id: number }[]; readonly samples: readonly number[] };
      readonly timeDeltas?: readonly number[];
    };
  } & Record<string, unknown>;
}

async function traceOf(signals: readonly Signal[], filter: Partial<ProfileFilter> = {}): Promise<TraceEvent[]> {
  const file = JSON.parse((await exportedAs('perfetto', signals, filter)).toString()) as { traceEvents: TraceEvent[] };
  return file.traceEvents;
}

test('perfetto: every sample of a thread once, in the order of time, on known nodes', async () => {
  const events = await traceOf(signalsFromStacks(STACKS));
  const chunks = events.filter(({ name }) => name === 'ProfileChunk');
  expect(chunks.map(({ tid, args }) => [tid, args.data?.cpuProfile?.samples.length])).toEqual(
    expect.arrayContaining([
      [101, 4],
      [10002, 2],
      [102, 4],
    ]),
  );
  for (const { args } of chunks) {
    const { nodes = [], samples = [] } = args.data?.cpuProfile ?? {};
    const ids = new Set(nodes.map(({ id }) => id));
    expect(samples.every((id) => ids.has(id))).toBe(true);
    expect(args.data?.timeDeltas?.every((delta) => delta >= 0)).toBe(true);
  }
  expect(events.filter(({ ph }) => ph === 'M').map(({ args }) => args.name)).toContain('worker');
  expect(events.find(({ name }) => name === 'CPU load %')).toMatchObject({ ph: 'C', ts: 0, args: { busy: 15 } });
});

test('perfetto: rates of calls and of the network', async () => {
  const calls = await traceOf(signalsFromCalls('sh read - 3 10\nsh write EIO 4 5 @1'));
  expect(calls.filter(({ name }) => name === 'system calls/s').map(({ args }) => args['calls'])).toEqual([10, 5]);
  const network = await traceOf(networkSignals());
  expect(network.some(({ name, args }) => name === 'network bytes/s' && Number(args['sent']) > 0)).toBe(true);
});

test('perfetto: one process only', async () => {
  const events = await traceOf(signalsFromStacks(STACKS), { process: 'sh' });
  expect(events.filter(({ name }) => name === 'Profile').map(({ pid }) => pid)).toEqual([102]);
});

test('perfetto: marks and notes of what is exported, and no others', async () => {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  const at = (second: number): number => 1000e9 + second * 1e9;
  const note = (second: number): Signal => ({ kind: 'note', atNs: at(second), text: `note ${second}` });
  await record(recording, [...signalsFromStacks(STACKS), note(0.2), note(7)]);
  await writeMarks(recording, [
    { id: 'a', fromNs: at(0.5), toNs: at(0.5), text: 'pump on', by: 'user' },
    { id: 'b', fromNs: at(0.5), toNs: at(9), text: 'load', by: 'trigger' },
    { id: 'c', fromNs: at(8), toNs: at(8), text: 'too late', by: 'user' },
  ]);
  let text = '';
  await exportRecording({
    recording,
    format: 'perfetto',
    file: async (piece) => void (text += String(piece)),
    filter: within([{ fromNs: at(0), toNs: at(1) }]),
  });
  const { traceEvents } = JSON.parse(text) as { traceEvents: (TraceEvent & { readonly cat?: string })[] };
  expect(traceEvents.filter(({ ph }) => ph === 'i').map(({ name }) => name)).toEqual(['note 0.2', 'pump on']);
  expect(traceEvents.filter(({ cat }) => cat === 'mark').map(({ name }) => name)).toEqual(['load']);
});
