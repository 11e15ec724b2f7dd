/** Each format that is imported, and what becomes of it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { imported, madeOf, stackLines } from './helpers.ts';

const PERF = readFileSync('test/fixtures/imports/perf-script.txt', 'utf8');
const STACKS = `
  process  nginx     nginx   nginx                  sh      cron
  thread   nginx     worker  worker                 sh      cron
  samples  30        20      1                      49      2
  ---
           main      main    main                   main
           loop      loop    _ZN3foo3barEv@libfoo.so  0x1234@libc.so
           read_[k]  run_[j]
`;

test('perf script, as perf wrote it: stacks, times, facts of its header', async () => {
  const { signals, stacks, notes } = await imported('perf.txt', PERF);
  expect(stacks).toEqual([
    'burn;__libc_start_call_main;main;leaf_b 12',
    'burn;__libc_start_call_main;main;work;leaf_a 28',
  ]);
  expect(notes).toEqual([]);
  expect(signals[0]).toMatchObject({
    kind: 'device',
    hostname: 'edge-box',
    kernelRelease: '6.18.44',
    machine: 'x86_64',
    onlineCpus: 2,
  });
  const windows = signals.filter((signal) => signal.kind === 'window');
  expect(windows[0]).toMatchObject({ fromNs: 40529e9, toNs: 40530e9 });
  expect(windows.length).toBeGreaterThan(1);
  // The moments of the samples, for the heat map: the first was taken 716 ms into its second.
  const [slot = 0] = (windows[0]?.columns[4] ?? []) as Uint32Array;
  expect(slot - 1).toBe((Math.floor(40529.71 * 50) * 2) % 12_800);
  expect(signals.find((signal) => signal.kind === 'probe')).toMatchObject({ what: { options: { hz: '99' } } });
});

test('perf script: kernel, unknown, inlined, several events, what is no sample', async () => {
  const { stacks, notes } = await imported(
    'perf.txt',
    [
      'my prog  101/102 [001]  5.000001:          1 cycles:P: ',
      '\tffffffff81c00b8f do_sys (deep)+0xf ([kernel.kallsyms])',
      '\t          7f1234 [unknown] (/usr/lib/libc.so.6)',
      '\t          55d0c0 a::b<c (d)>::e+0x19 (/opt/my prog)',
      '',
      'my prog  101/102 [001]  6.000001:          1 instructions:P:  55d0c0 main+0x1 (/opt/my prog)',
      '',
      'short 7 7.250000: cycles:P:  55d0c0 leaf+0x1 (/tmp/perf-7.map)',
      'nonsense',
    ].join('\n'),
  );
  expect(stacks).toEqual(['my prog;a::b<c (d)>::e;[libc.so.6];do_sys (deep)_[k] 1', 'short;leaf_[j] 1']);
  expect(notes).toEqual([
    'The rate of sampling is not known: 99 Hz are assumed.',
    '1 samples of other events than cycles are left out.',
    '1 lines could not be understood.',
  ]);
});

test('folded: what Sonde exports comes back the same, with its facts', async () => {
  const made = (await madeOf(signalsFromStacks(STACKS, { hz: 49, cpus: 4 }), 'folded')).toString();
  const { signals, stacks } = await imported('a.folded', made);
  expect(stacks).toEqual(stackLines(made));
  expect(signals[0]).toMatchObject({ hostname: 'edge-box', kernelRelease: '6.1.0-41-amd64', onlineCpus: 4 });
  expect(signals.find((signal) => signal.kind === 'window')).toMatchObject({ counters: { kept: 102 } });
  expect(signals.find((signal) => signal.kind === 'clock')).toMatchObject({
    realtimeMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
});

test('folded of somebody else', async () => {
  const { stacks, notes } = await imported('x.txt', 'java;a b;c 3\n\njava;a b 1.0\nno number\njava 2\n');
  expect(stacks).toEqual(['java;[no stack] 2', 'java;a b 1', 'java;a b;c 3']);
  expect(notes).toContain('1 lines were no folded stacks.');
  expect(notes).toContain('The rate of sampling is not known: 99 Hz are assumed.');
});

test('pprof: what Sonde exports comes back the same, with processes and threads', async () => {
  const signals = signalsFromStacks(STACKS, { hz: 49 });
  const { signals: back, stacks } = await imported('a.pb.gz', await madeOf(signals, 'pprof'));
  expect(stacks).toEqual(stackLines((await madeOf(signals, 'folded')).toString()));
  const definitions = back.filter((signal) => signal.kind === 'definitions');
  const processes = definitions.flatMap((signal) => signal.processes.map(({ comm, pid }) => `${comm} ${pid}`));
  expect(processes).toEqual(['nginx 101', 'sh 102', 'cron 103']);
  expect(definitions.flatMap((signal) => signal.threads.map(({ comm }) => comm))).toContain('worker');
});

test('speedscope: what Sonde exports comes back the same', async () => {
  const signals = signalsFromStacks(STACKS, { hz: 49 });
  const made = await madeOf(signals, 'speedscope');
  const unmarked = (lines: readonly string[]) => lines.map((line) => line.replaceAll('_[j]', '')).toSorted();
  const expected = unmarked(stackLines((await madeOf(signals, 'folded')).toString()));
  expect(unmarked((await imported('a.json', made)).stacks)).toEqual(expected);
  expect(unmarked((await imported('a.json.gz', gzipSync(made))).stacks)).toEqual(expected);
});

test('speedscope: evented profiles in time', async () => {
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: [{ name: 'a' }, { name: 'b' }] },
    profiles: [
      {
        type: 'evented',
        name: 'main',
        unit: 'milliseconds',
        startValue: 0,
        endValue: 1500,
        events: [
          { type: 'O', frame: 0, at: 0 },
          { type: 'O', frame: 1, at: 500 },
          { type: 'C', frame: 1, at: 700 },
          { type: 'C', frame: 0, at: 1500 },
        ],
      },
    ],
  };
  const { stacks, signals } = await imported('a.speedscope.json', JSON.stringify(file));
  expect(stacks).toEqual(['main;a 1300', 'main;a;b 200']);
  expect(signals.filter(({ kind }) => kind === 'window')).toHaveLength(1);
});
