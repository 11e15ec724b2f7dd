/** Single system calls on their way out of a recording: each once, whatever became of it. */
import { expect, test } from 'vitest';
import { summarize, summaryText } from '../../../electron/export/index.ts';
import { mergeWindowSignals } from '../../../electron/session/merge-windows.ts';
import { type Signal, syscallCode, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import { Dictionary } from '../../fixtures/dictionary.ts';
import { deviceSignal, NS_PER_SECOND } from '../../fixtures/signals.ts';
import { exportedTable, recordingOf } from './helpers.ts';

const START = 1000 * NS_PER_SECOND;
const OPENAT = syscallCode(1, 257);
const READ = syscallCode(1, 0);

interface Drawn {
  readonly begun: number;
  readonly call?: number;
  readonly finished?: number;
  readonly durationMs: number;
  readonly errno?: number;
  readonly args?: readonly number[];
  readonly path?: string;
  readonly file?: string;
  readonly frames?: readonly string[];
}

const dictionary = new Dictionary();
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const words = (values: readonly number[]): Uint8Array => {
  const all = Buffer.alloc(values.length * 8);
  for (const [i, value] of values.entries()) all.writeBigInt64LE(BigInt(value), i * 8);
  return all;
};

function windowOf(second: number, rows: readonly Drawn[], lost = 0): WindowSignal {
  const fromNs = START + second * NS_PER_SECOND;
  const kept = rows.filter(({ finished = 1 }) => finished > 0).length;
  return {
    kind: 'window',
    probe: 'slow-syscalls',
    fromNs,
    toNs: fromNs + NS_PER_SECOND,
    rows: rows.length,
    columns: [
      Uint32Array.from(rows, () => dictionary.thread('mosquitto', 'io')),
      Uint32Array.from(rows, ({ call = READ }) => call),
      Float64Array.from(rows, ({ begun }) => START + begun),
      Uint32Array.from(rows, ({ finished = 1 }) => finished),
      Float64Array.from(rows, ({ durationMs }) => durationMs * 1e6),
      Uint32Array.from(rows, ({ errno = 0 }) => errno),
      rows.map(({ errno = 0, finished = 1 }) => (finished && errno ? words([-errno]) : new Uint8Array(0))),
      Uint32Array.from(rows, ({ frames = [] }) => dictionary.stack('mosquitto', frames)),
      rows.map(({ args = [3, 0x7f00, 64] }) => words(args)),
      rows.map(({ path = '' }) => bytes(path)),
      rows.map(({ file = '' }) => bytes(file)),
    ],
    counters: {
      seen: kept + lost + 90,
      kept,
      idle: 0,
      filtered: 90,
      lost: lost > 0 ? [{ cause: 'rate-limit', count: lost }] : [],
      incompleteStacks: 0,
    },
    drains: 1,
  };
}

const WINDOWS = [
  windowOf(0, [
    { begun: 5e8, finished: 0, durationMs: 500, file: 'pipe:[7]' },
    {
      begun: 2e8,
      call: OPENAT,
      durationMs: 0.1,
      errno: 2,
      args: [-100, 1, 0],
      path: '/a,"b"',
      frames: ['main', 'open'],
    },
    { begun: 6e8, finished: 0, durationMs: 400 },
  ]),
  windowOf(1, [{ begun: 5e8, finished: 0, durationMs: 1500 }], 4),
  windowOf(2, [
    { begun: 5e8, durationMs: 2200 },
    { begun: 2.5e9, finished: 0, durationMs: 500, file: '=cmd()' },
  ]),
]; // prettier-ignore

function signals(windows: readonly WindowSignal[] = WINDOWS): Signal[] {
  const all = new Dictionary();
  all.thread('mosquitto', 'io');
  all.stack('mosquitto', ['main', 'open']);
  const definitions = all.takeAdditions();
  return [
    deviceSignal({ startNs: START }),
    { kind: 'clock', monotonicNs: START, realtimeMs: Date.UTC(2026, 0, 2, 3, 4, 5), uncertaintyNs: 2000 },
    ...(definitions ? [definitions] : []),
    ...windows,
  ];
}

test('a row per call: what went on for three windows is one row, what ended without a word is in progress', async () => {
  const csv = await exportedTable('csv', signals(), { table: 'slow' });
  expect(csv.trimEnd().split('\n')).toEqual([
    'time,begun_ns,pid,tid,comm,container,container_id,unit,call,abi,text,duration_ns,in_progress,errno,errno_number,result,path,file,stack',
    '2026-01-02T03:04:05.200Z,1000200000000,101,10001,io,,,mosquitto.service,openat,x86-64,"openat(AT_FDCWD, ""/a,\\""b\\"""", O_RDONLY)",100000,0,ENOENT,2,-2,"/a,""b""",,main;open',
    '2026-01-02T03:04:05.600Z,1000600000000,101,10001,io,,,mosquitto.service,read,x86-64,"read(3, 0x7f00, 64)",400000000,1,,0,,,,',
    '2026-01-02T03:04:05.500Z,1000500000000,101,10001,io,,,mosquitto.service,read,x86-64,"read(3<pipe:[7]>, 0x7f00, 64)",2200000000,0,,0,0,,pipe:[7],',
    `2026-01-02T03:04:07.500Z,1002500000000,101,10001,io,,,mosquitto.service,read,x86-64,"read(3<=cmd()>, 0x7f00, 64)",500000000,1,,0,,,'=cmd(),`,
  ]);
});

test('JSON has the same, with counters', async () => {
  const told = JSON.parse(await exportedTable('json', signals(), { table: 'slow' })) as { slow: unknown[] };
  expect(told).toMatchObject({
    format: 'sonde-slow-calls',
    device: { hostname: 'edge-box' },
    counters: { seen: 276, kept: 2, filtered: 270, lost: { 'rate-limit': 4 } },
    range: { covered_ns: 3e9 },
  });
  expect(told.slow).toHaveLength(4);
  expect(told.slow[2]).toMatchObject({ call: 'read', duration_ns: 2.2e9, in_progress: 0, file: 'pipe:[7]' });
});

test('merged windows say the same, but for what ended without a word', async () => {
  const whole = mergeWindowSignals(WINDOWS);
  expect(whole.rows).toBe(4);
  const ofAll = await exportedTable('csv', signals(), { table: 'slow' });
  const ofOne = await exportedTable('csv', signals([whole]), { table: 'slow' });
  expect(ofOne.split('\n').toSorted()).toEqual(ofAll.split('\n').toSorted());
});

test('only what was asked for', async () => {
  const ofNobody = await exportedTable('csv', signals(), { table: 'slow', filter: { tid: 7 } });
  expect(ofNobody.trimEnd().split('\n')).toHaveLength(1);
  await expect(exportedTable('csv', signals(), { table: 'calls' })).rejects.toThrow('holds nothing of System calls');
});

test('a summary names the longest', async () => {
  const summary = summarize(await recordingOf(signals()));
  expect(summary.slow).toMatchObject({ seconds: 3, finished: 2, inProgress: 2, kept: 2, lost: { 'rate-limit': 4 } });
  const text = summaryText(summary);
  expect(text).toContain('3.0 s of slow and failing calls: 2 returned, 2 had not when they were last seen');
  expect(text).toContain('   2.2 s  read(3<pipe:[7]>, 0x7f00, 64)  mosquitto (101)');
  expect(text).toContain(' → ENOENT  mosquitto (101)');
  expect(text).not.toContain('Hz');
});
