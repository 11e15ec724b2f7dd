/** Tables of system calls, against lines that were drawn by hand. */
import { expect, test } from 'vitest';
import { collectRecording, EVERYTHING, groupCalls, summarize, summaryText } from '../../../electron/export/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { batchesOf, exportedTable, recordingOf } from './helpers.ts';

const CALLS = `
  mosquitto        connect       ECONNREFUSED  14   210
  mosquitto        read          -             10    60
  mosquitto/io     read          -             20    40 @1
  mosquitto        read          EAGAIN         9     5 @1
  sh               read:i386     -              ?     3 @1
  sh               #999          -              0     1 @2
`;

/** The columns of these names, a row per line. */
function cells(csv: string, ...names: string[]): string[] {
  const [head = '', ...rows] = csv.trimEnd().split('\n');
  const at = names.map((name) => head.split(',').indexOf(name));
  return rows.map((row) => at.map((i) => row.split(',')[i]).join(' '));
}

test('a row per process and call, totals over everything', async () => {
  const csv = await exportedTable('csv', signalsFromCalls(CALLS));
  expect(csv.split('\n')[0]).toBe(
    'process,pid,comm,container,container_id,unit,call,abi,count,errors,untimed,total_ns,p50_ns,p90_ns,p99_ns,max_ns',
  );
  expect(cells(csv, 'pid', 'comm', 'call', 'abi', 'count', 'errors', 'untimed', 'total_ns', 'max_ns')).toEqual([
    `101 mosquitto read x86-64 105 5 0 ${(60 * 2 ** 10 + 40 * 2 ** 20 + 5 * 2 ** 9) * 1.5} 2097151`,
    `101 mosquitto connect x86-64 210 210 0 ${210 * 1.5 * 2 ** 14} 32767`,
    '102 sh #999 (x86-64) x86-64 1 0 0 1 1',
    '102 sh read i386 3 0 3 0 ',
  ]);
});

test('quantiles lie inside the bucket they fall into, and are empty where nothing is known', async () => {
  const rows = cells(await exportedTable('csv', signalsFromCalls(CALLS)), 'p50_ns', 'p90_ns', 'p99_ns');
  const [p50 = 0, p90 = 0, p99 = 0] = (rows[0] ?? '').split(' ').map(Number);
  expect(p50).toBeGreaterThanOrEqual(2 ** 10);
  expect(p50).toBeLessThan(2 ** 11);
  for (const high of [p90, p99]) expect(high).toBeGreaterThanOrEqual(2 ** 20);
  expect(p99).toBeLessThanOrEqual(2 ** 21 - 1);
  expect(rows.at(-1)).toBe('  ');
});

test('a row per process, call and error', async () => {
  const csv = await exportedTable('csv', signalsFromCalls(CALLS), { table: 'errors' });
  expect(cells(csv, 'comm', 'call', 'errno', 'errno_number', 'meaning', 'count')).toEqual([
    'mosquitto read EAGAIN 11 Resource temporarily unavailable 5',
    'mosquitto connect ECONNREFUSED 111 Connection refused 210',
  ]);
});

test('window by window: the same numbers, spread over time', async () => {
  const csv = await exportedTable('csv', signalsFromCalls(CALLS), { perWindow: true });
  expect(cells(csv, 'time', 'from_ns', 'to_ns', 'call', 'count')).toEqual([
    '2026-01-02T03:04:05.000Z 1000000000000 1001000000000 read 60',
    '2026-01-02T03:04:05.000Z 1000000000000 1001000000000 connect 210',
    '2026-01-02T03:04:06.000Z 1001000000000 1002000000000 read 45',
    '2026-01-02T03:04:06.000Z 1001000000000 1002000000000 read 3',
    '2026-01-02T03:04:07.000Z 1002000000000 1003000000000 #999 (x86-64) 1',
  ]);
});

test('JSON: both tables, units, range and counters; windows in a document of the same names', async () => {
  const signals = signalsFromCalls(CALLS, { filtered: 7, lost: { 'map-full': 2 } });
  const whole = JSON.parse(await exportedTable('json', signals)) as Record<string, unknown[]>;
  expect(whole).toMatchObject({
    format: 'sonde-calls',
    units: { count: 'calls', total_ns: 'ns' },
    device: { hostname: 'edge-box' },
    range: { from_ns: 1000e9, to_ns: 1003e9, covered_ns: 3e9, gap_ns: 0, time: '2026-01-02T03:04:05.000Z' },
    counters: { seen: 319 + 21 + 2, kept: 319, filtered: 21, lost: { 'map-full': 2 } },
    errors: [{ errno: 'EAGAIN' }, { errno: 'ECONNREFUSED', count: 210, pid: 101 }],
  });
  expect(whole['calls']).toHaveLength(4);
  expect(whole['calls']?.at(-1)).toMatchObject({ call: 'read', p50_ns: null, max_ns: null, untimed: 3 });
  const series = JSON.parse(await exportedTable('json', signals, { perWindow: true })) as Record<string, unknown[]>;
  expect(series).toMatchObject({ range: whole['range'], counters: whole['counters'] });
  expect(series['windows']).toMatchObject([{ calls: [{}, {}] }, { errors: [{ count: 5 }] }, { from_ns: 1002e9 }]);
});

test('sums beyond 2^53 stay exact to the nanosecond', async () => {
  const lines = Array.from({ length: 5 }, (_, second) => `idle ppoll - 43 1000 @${second}`).join('\n');
  const signals = signalsFromCalls(lines).map((signal): Signal => {
    if (signal.kind !== 'window') return signal;
    const columns = signal.columns.map((column, i) => (i === 5 ? Float64Array.of(2 ** 53 - 1) : column));
    return { ...signal, columns };
  });
  const exact = 5n * (2n ** 53n - 1n);
  expect(await exportedTable('json', signals)).toContain(`"total_ns": ${exact},`);
  expect(cells(await exportedTable('csv', signals), 'total_ns')).toEqual([String(exact)]);
});

test('text from the device is quoted, and no spreadsheet takes it for a formula', async () => {
  const signals = signalsFromCalls('sh read - 3 1').map((signal): Signal => {
    if (signal.kind !== 'definitions') return signal;
    const [process] = signal.processes;
    const named = { ...process, comm: 'a,"b"', container: '=1+1' } as NonNullable<typeof process>;
    return { ...signal, processes: [named] };
  });
  expect((await exportedTable('csv', signals)).split('\n')[1]).toMatch(
    /^1,101,"a,""b""",'=1\+1,,sh\.service,read,x86-64,1,/,
  );
});

test('only a part: by process, by thread, by time', async () => {
  const calls = async (filter: object) =>
    cells(await exportedTable('csv', signalsFromCalls(CALLS), { filter }), 'comm', 'call', 'count');
  expect(await calls({ pid: 102 })).toEqual(['sh #999 (x86-64) 1', 'sh read 3']);
  expect(await calls({ tid: 10002 })).toEqual(['mosquitto read 40']);
  expect(await calls({ fromNs: 1001e9, toNs: 1002e9 })).toEqual(['mosquitto read 45', 'sh read 3']);
});

test('two agents that ran one after the other: equal ids are different processes', async () => {
  const later = signalsFromCalls('cron read - 3 4', { startNs: 2000e9 });
  const csv = await exportedTable('csv', [...signalsFromCalls('sh read - 3 1'), ...later]);
  expect(cells(csv, 'process', 'comm', 'count')).toEqual(['1 sh 1', '2 cron 4']);
});

test('grouped further, nothing is counted twice or left out', async () => {
  const { calls } = await recordingOf(signalsFromCalls(CALLS));
  const sums = (by: 'both' | 'call' | 'process') =>
    groupCalls(calls, by).map(({ call, who, stats }) => `${who?.comm ?? ''} ${call} ${stats.calls}/${stats.failed}`);
  expect(sums('process')).toEqual(['mosquitto  315/215', 'sh  4/0']);
  expect(sums('call')).toEqual([
    ' connect [x86-64] 210/210',
    ' read [x86-64] 105/5',
    ' read [i386] 3/0',
    ' #999 (x86-64) [x86-64] 1/0',
  ]);
  expect(sums('both')).toHaveLength(4);
});

test('the summary, in numbers and in words', async () => {
  const collected = await collectRecording(batchesOf(signalsFromCalls(CALLS, { filtered: 7 })), { filter: EVERYTHING });
  const summary = summarize(collected);
  expect(summary.calls).toMatchObject({
    seconds: 3,
    kept: 319,
    filtered: 21,
    errors: 215,
    top: [{ call: 'connect', comm: 'mosquitto', count: 210 }, { call: 'read', count: 105, errors: 5 }, {}, {}],
    topErrors: [{ call: 'connect', errno: 'ECONNREFUSED', meaning: 'Connection refused', count: 210 }, {}],
  });
  expect(() => JSON.stringify(summary)).not.toThrow();
  expect(summaryText(summary)).toMatchInlineSnapshot(`
    "edge-box: Debian GNU/Linux 12 (bookworm), kernel 6.1.0-41-amd64, x86_64, 2 CPUs
    3.0 s of system calls: 319 (106/s), 215 of them failed (72/s), 21 filtered out
    nothing lost

     calls/s  errors/s       p50       p99       max  call
          70        70     25 µs     33 µs     33 µs  connect  mosquitto (101)
          35       1.7    1.8 µs    2.1 ms    2.1 ms  read  mosquitto (101)
         1.0         0                                read  sh (102)
         0.3         0      1 ns      1 ns      1 ns  #999 (x86-64)  sh (102)

    errors/s  error
          70  connect → ECONNREFUSED (Connection refused)  mosquitto (101)
         1.7  read → EAGAIN (Resource temporarily unavailable)  mosquitto (101)"
  `);
});
