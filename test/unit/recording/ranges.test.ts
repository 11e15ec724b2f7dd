/** Any range of a recording in order: the same totals as reading all of it, by however few chunks. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { McapChunkBuilder, McapRecordBuilder } from '@mcap/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlockReader } from '../../../electron/recording/block-reader.ts';
import { endWithMetadata } from '../../../electron/recording/file-end.ts';
import { readIndex } from '../../../electron/recording/index-file.ts';
import {
  openRecording,
  type RangeLimits,
  RANGE_LIMITS,
  type RangeReader,
  type RecordingReader,
  tidyRecording,
  UntrueIndex,
} from '../../../electron/recording/index.ts';
import { readSummary } from '../../../electron/recording/summary.ts';
import { type RecordingIndex, RecordingIndexSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { findProbe, type Signal, type Stretch } from '../../../remote-agent/protocol/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, flowDef, flowWindow } from '../../fixtures/flows.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { recordAtOnce } from './helpers.ts';

let lies = 0;
const HOURS = 3.3;
const STEP_NS = 20e9;
const START_NS = 1000e9;

/** Windows of 20 s for some hours, of calls and flows, with an event here and there. */
function longBox(seed: number): Signal[] {
  const random = seededRandom(seed);
  const opening = signalsFromCalls('a read - 1 1\nb read - 1 1', { startNs: START_NS - 10e9 });
  const signals: Signal[] = [
    ...opening,
    definitionsOf({ flows: Array.from({ length: 5 }, (_, i) => flowDef({ id: i + 1 })) }),
  ];
  for (let atNs = START_NS; atNs < START_NS + HOURS * 3600e9; atNs += STEP_NS) {
    if (random() < 0.02) continue; // a gap
    signals.push(callWindow(atNs, random));
    // Not in step with the calls.
    const rows = [
      {
        flow: 1 + Math.floor(random() * 5),
        sent: Math.floor(random() * 1e6),
        'packets-sent': 1 + Math.floor(random() * 9),
      },
    ];
    signals.push(flowWindow(atNs + 3e9, atNs + STEP_NS + 3e9, rows, random() < 0.1 ? 2 : 0));
    if (random() < 0.1)
      signals.push(
        dnsWindow(atNs, atNs + 1e9, [
          { thread: 1, flow: 1, at: atNs + 5e8, incoming: 1, message: Uint8Array.of(1, 2) },
        ]),
      );
    signals.push(costAt(atNs));
  }
  return signals;
}

function callWindow(fromNs: number, random: () => number): Signal {
  const rows = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
    thread: 1 + Math.floor(random() * 2),
    call: Math.floor(random() * 3),
    errno: random() < 0.3 ? 2 : 0,
    bucket: 10,
    calls: 1 + Math.floor(random() * 100),
  }));
  const kept = rows.reduce((sum, { calls }) => sum + calls, 0);
  return {
    kind: 'window',
    probe: 'syscalls',
    fromNs,
    toNs: fromNs + STEP_NS,
    rows: rows.length,
    columns: [
      Uint32Array.from(rows, ({ thread }) => thread),
      Uint32Array.from(rows, ({ call }) => call),
      Uint32Array.from(rows, ({ errno }) => errno),
      Uint32Array.from(rows, ({ bucket }) => bucket),
      Float64Array.from(rows, ({ calls }) => calls),
      Float64Array.from(rows, ({ calls }) => calls * 1500),
      Float64Array.from(rows, ({ calls }) => 1000 + calls),
    ],
    counters: { seen: kept, kept, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 },
    drains: 1,
  };
}

function costAt(fromNs: number): Signal {
  const [cost] = signalsFromStacks('a;b 1', { startNs: fromNs }).filter(({ kind }) => kind === 'cost');
  return { ...(cost as Extract<Signal, { kind: 'cost' }>), toNs: fromNs + STEP_NS };
}

/** What a person could read off: totals of each thing that is counted, and what happened to the rest. */
function totalsOf(signals: readonly Signal[], { fromNs, toNs }: Stretch): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  const add = (key: string, value: number, most = false) =>
    totals.set(key, most ? Math.max(totals.get(key) ?? 0, value) : (totals.get(key) ?? 0) + value);
  for (const signal of signals) {
    if (signal.kind === 'cost' && signal.fromNs < toNs && signal.toNs > fromNs) add('busy', signal.deviceCpuBusyNs);
    if (signal.kind !== 'window' || signal.fromNs >= toNs || signal.toNs <= fromNs) continue;
    add(`${signal.probe} kept`, signal.counters.kept);
    for (const { cause, count } of signal.counters.lost) add(`${signal.probe} ${cause}`, count);
    const specs = findProbe(signal.probe)?.columns ?? [];
    for (let row = 0; row < signal.rows; row++) {
      const key = specs.map(({ role }, i) => (role === 'key' ? String(signal.columns[i]?.[row]) : '')).join(' ');
      for (const [i, { role, name }] of specs.entries())
        if (role === 'sum' || role === 'max')
          add(`${signal.probe} ${key} ${name}`, Number(signal.columns[i]?.[row]), role === 'max');
    }
  }
  return totals;
}

async function all(generator: AsyncIterable<readonly Signal[]>): Promise<Signal[]> {
  const signals: Signal[] = [];
  for await (const batch of generator) signals.push(...batch);
  return signals;
}

const SIGNALS = longBox(7);
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sonde-ranges-'));
  file = path.join(folder, 'long.sonde.mcap');
  await recordAtOnce(file, SIGNALS);
  expect(await tidyRecording(file, { rowsWithoutSums: 0, mayGrow: true })).toBe('done');
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

async function withRanges<T>(
  path: string,
  limits: RangeLimits,
  work: (ranges: RangeReader, reader: RecordingReader) => Promise<T>,
): Promise<T> {
  const reader = await openRecording(path);
  try {
    const ranges = await reader.ranges(limits);
    if (!ranges) throw new Error('it has no index');
    return await work(ranges, reader);
  } finally {
    await reader.close();
  }
}

describe('a recording of three hours', () => {
  test.each([
    ['as recorded', RANGE_LIMITS.rows, [0]],
    ['in what fits', 700, [0, 60e9, 3600e9]],
    ['in hours', 0, [3600e9]],
  ])('%s: any range has the totals of reading all', { timeout: 60_000 }, async (_, rows, steps) => {
    const random = seededRandom(31);
    await withRanges(file, { rows, eventRows: 1e6 }, async (ranges) => {
      const seen = new Set<number>();
      const { fromNs, toNs } = ranges.extent;
      expect([fromNs, toNs]).toEqual([
        START_NS - 10e9,
        SIGNALS.reduce((most, signal) => (signal.kind === 'window' ? Math.max(most, signal.toNs) : most), 0),
      ]);
      const wanted: (Stretch | null)[] = [null];
      for (let i = 0; i < 25; i++) {
        const a = fromNs + random() * (toNs - fromNs);
        wanted.push({ fromNs: a, toNs: Math.min(toNs, a + 1e9 + random() ** 3 * (toNs - fromNs)) });
      }
      for (const range of wanted) {
        const { loaded, signals } = await ranges.show(range);
        seen.add(loaded.stepNs);
        const found = totalsOf(await all(signals), { fromNs: 0, toNs: Number.POSITIVE_INFINITY });
        expect(found, JSON.stringify(range)).toEqual(totalsOf(SIGNALS, range ?? loaded));
      }
      expect([...seen].sort((a, b) => a - b)).toEqual(steps);
      expect(ranges.warning(file)).toBeNull();
    });
  });

  test('the first answer brings the tables, the others only what changes', async () => {
    await withRanges(file, RANGE_LIMITS, async (ranges) => {
      const kinds = async (range: Stretch | null) =>
        new Set((await all((await ranges.show(range)).signals)).map(({ kind }) => kind));
      expect(await kinds(null)).toEqual(new Set(['device', 'clock', 'probe', 'definitions', 'window', 'cost']));
      expect(await kinds({ fromNs: START_NS, toNs: START_NS + 600e9 })).toEqual(new Set(['window', 'cost']));
    });
  });

  test('the tracks are of all of it, to the second', async () => {
    await withRanges(file, RANGE_LIMITS, async (ranges) => {
      const series = new Map((await ranges.series()).map((each) => [each.id, each]));
      const totals = totalsOf(SIGNALS, { fromNs: 0, toNs: Number.POSITIVE_INFINITY });
      const sum = (id: 'calls' | 'bytes' | 'cpu') => series.get(id)?.value.reduce((all, value) => all + value, 0);
      expect(sum('calls')).toBe(totals.get('syscalls kept'));
      expect(sum('cpu')).toBe(totals.get('busy'));
      expect(sum('bytes')).toBe(
        [...totals]
          .filter(([key]) => /net-flows .*(sent|received)$/.test(key) && !key.includes('packets'))
          .reduce((all, [, value]) => all + value, 0),
      );
      expect(series.get('calls')?.count).toBe(
        SIGNALS.filter((signal) => signal.kind === 'window' && signal.probe === 'syscalls').length,
      );
    });
  });

  test('read as recorded, only what is in the range', async () => {
    const reader = await openRecording(file);
    const range = { fromNs: START_NS + 3000e9, toNs: START_NS + 4000e9 };
    const part = await all(reader.batches(range));
    expect(totalsOf(part, { fromNs: 0, toNs: Number.POSITIVE_INFINITY })).toEqual(totalsOf(SIGNALS, range));
    expect(part.length).toBeLessThan(SIGNALS.length / 5);
    expect(part.filter(({ kind }) => kind === 'device' || kind === 'definitions')).toHaveLength(3);
    expect([reader.warning, reader.progress]).toEqual([null, 1]);
    expect((await all(reader.batches())).length).toBe(SIGNALS.length);
    await reader.close();
  });

  test('single events: the newest, as many as there is room for', async () => {
    await withRanges(file, { rows: 0, eventRows: 10 }, async (ranges) => {
      const events = (await all((await ranges.show(null)).signals)).filter(
        (signal) => signal.kind === 'window' && signal.probe === 'dns',
      );
      const newest = SIGNALS.filter((signal) => signal.kind === 'window' && signal.probe === 'dns').slice(
        -events.length,
      );
      expect(events.length).toBeGreaterThan(5);
      expect(events.length).toBeLessThanOrEqual(12);
      expect(events).toEqual(newest);
    });
  });
});

describe('an index that lies', () => {
  /** The index is the last chunk: it is written anew, and everything behind it with it. */
  const lying = async (change: (index: RecordingIndex) => void): Promise<string> => {
    const made = path.join(folder, `lying-${lies++}.sonde.mcap`);
    await cp(file, made);
    await rewriteIndex(made, change);
    return made;
  };

  test.each<[string, (index: RecordingIndex) => void]>([
    ['a sum of an hour', ({ runs }) => (runs[0]!.parts[3]!.totals[0]!.kept += 5n)],
    ['rows of an hour', ({ runs }) => (runs[0]!.parts[3]!.totals[0]!.weight += 5n)],
    [
      'one probe more',
      ({ runs }) => runs[0]!.parts[3]!.totals.push({ ...runs[0]!.parts[3]!.totals[0]!, probe: 'cpu-profile' }),
    ],
  ])('%s: what it says is not shown', async (_, change) => {
    const made = await lying(change);
    await withRanges(made, { rows: 0, eventRows: 1e6 }, async (ranges) => {
      // The data itself is right: but what the index says of that part is not, so nobody can read by it.
      await expect(all((await ranges.show(null)).signals)).rejects.toBeInstanceOf(UntrueIndex);
      expect(ranges.warning(made)?.message).toContain('the sums in');
    });
    expect(totalsOf(await everything(made), WHOLE)).toEqual(totalsOf(SIGNALS, WHOLE));
  });

  test.each<[string, (index: RecordingIndex) => void]>([
    ['a part left out', ({ runs }) => void runs[0]!.parts.splice(5, 1)],
    ['a place outside of the file', ({ runs }) => (runs[0]!.parts[2]!.windows!.offset = 1n << 60n)],
    ['a place that is no chunk', ({ runs }) => (runs[0]!.parts[2]!.windows!.offset += 1n)],
    ['times that run backwards', ({ runs }) => (runs[0]!.parts[2]!.toNs = 1n)],
    ['sums of parts that are not there', ({ runs }) => (runs[0]!.minutes[0]!.count = 4_000_000_000)],
    ['nothing', (index) => void index.runs.splice(0)],
  ])('%s: it is not used, or it is said', async (_, change) => {
    const made = await lying(change);
    const reader = await openRecording(made);
    const ranges = await reader.ranges({ rows: 0, eventRows: 1e6 });
    const shown = ranges && (await all((await ranges.show(null)).signals).catch((error: unknown) => error));
    // What was wrong may not have been needed: then the numbers are right.
    if (Array.isArray(shown)) expect(totalsOf(shown, WHOLE)).toEqual(totalsOf(SIGNALS, WHOLE));
    else expect(shown ?? new UntrueIndex()).toBeInstanceOf(UntrueIndex);
    await reader.close();
    expect(totalsOf(await everything(made), WHOLE)).toEqual(totalsOf(SIGNALS, WHOLE));
  });
});

const WHOLE = { fromNs: 0, toNs: Number.POSITIVE_INFINITY };

async function everything(made: string): Promise<Signal[]> {
  const reader = await openRecording(made);
  const signals = await all(reader.batches());
  await reader.close();
  return signals;
}

/** As somebody would who wants to mislead: another index behind the data, with checksums and lengths that are right. */
async function rewriteIndex(made: string, change: (index: RecordingIndex) => void): Promise<void> {
  const file = await BlockReader.open(made);
  const summary = await readSummary(file);
  const source = await readIndex(file);
  await file.close();
  if (!summary || !source) throw new Error('not in order');
  const index = create(RecordingIndexSchema, { runs: [...source.runs] });
  change(index);
  const [channelId] = [...source.topics].find(([, topic]) => topic === '/index') ?? [0];
  const chunk = new McapChunkBuilder({});
  const data = toBinary(RecordingIndexSchema, index);
  chunk.addMessage({ channelId, sequence: 0, logTime: 1n, publishTime: 1n, data });
  const records = new McapRecordBuilder();
  records.writeChunk({
    messageStartTime: 1n,
    messageEndTime: 1n,
    uncompressedSize: BigInt(chunk.buffer.length),
    uncompressedCrc: 0,
    compression: '',
    records: chunk.buffer,
  });
  const bytes = await readFile(made);
  const place = new Map([
    ['offset', String(summary.dataEnd)],
    ['length', String(records.length)],
  ]);
  const at = summary.dataEnd + records.length;
  const end = endWithMetadata(summary, { name: 'sonde-index', metadata: place }, at, null);
  await writeFile(made, Buffer.concat([bytes.subarray(0, summary.dataEnd), records.buffer, end]));
}
