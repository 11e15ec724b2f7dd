import { expect, test } from 'vitest';
import { clockText, parseDurationMs, bytesText } from '../../../electron/cli/quantities.ts';
import { nearest } from '../../../electron/cli/nearest.ts';
import { fakeWorld, sonde } from './fake-world.ts';

test.each([
  ['recrod box', 2, 'there is no command “recrod”', 'Did you mean sonde record?'],
  ['fly box', 2, 'there is no command “fly”', 'The commands are capture, '],
  ['record', 2, 'HOST is missing', 'See sonde help record.'],
  ['record a b', 2, '“b” is one word too many', 'See sonde help record.'],
  ['record box --fro 20s', 2, 'there is no option --fro', 'Did you mean --for?'],
  ['record box --wibble', 2, 'there is no option --wibble', 'See sonde help record.'],
  ['record box -x', 2, 'there is no option -x', 'See sonde help record.'],
  ['record box --for', 2, '--for needs a value: --for TIME', ''],
  ['record box --for -i', 2, '--for needs a value', ''],
  ['record box --json=yes', 2, '--json takes no value', ''],
  ['record box --for 1s --for 2s', 2, '--for was given twice', ''],
  ['record box --for soon', 2, 'cannot understand --for soon', 'Write a duration such as 20s'],
  ['record box --probe cpu-profil', 46, 'there is no probe cpu-profil', 'Did you mean cpu-profile?'],
  ['record box --probe syscalls,cpu', 46, 'there is no probe cpu', 'cpu-profile'],
  ['record box --probe syscalls --hz 9', 50, 'the probe syscalls has no option --hz', 'It belongs to cpu-profile.'],
  ['record box --probe syscalls,cpu-profile --map-mb 1', 50, 'cannot use --map-mb 1', 'from 2 to 256'],
  ['record box --hz 0', 50, 'cannot use --hz 0', 'It must be a whole number from 1 to 999.'],
  ['record box --hz many', 50, 'cannot use --hz many', 'from 1 to 999'],
  ['record box --cgroup relative', 50, 'cannot use --cgroup relative', 'a path below the cgroup2 mount'],
  [
    'export a.mcap',
    2,
    '--format is missing',
    'The formats are csv, firefox, folded, html, json, jsonl, parquet, perfetto, png, pprof, speedscope, svg.',
  ],
  ['export a.mcap --format prof', 2, 'there is no format prof', 'Did you mean pprof?'],
  ['export a.mcap --format pprof --pid x', 2, 'cannot understand --pid x', 'Write a number.'],
  ['help recrod', 2, 'there is no help about “recrod”', 'Did you mean sonde help record?'],
  ['info /nowhere/a.mcap', 52, 'no such file or folder', 'Check the path.'],
])('sonde %s ends with %d', async (words, code, message, hint) => {
  const ran = await sonde(words);
  expect(ran).toMatchObject({ code, out: '' });
  expect(ran.err).toContain(message);
  expect(ran.err).toContain(hint);
});

test('a mistake is answered in JSON where JSON is asked for', async () => {
  const { code, out, err } = await sonde('record box --fro 20s --json');
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(JSON.parse(out)).toEqual({
    ok: false,
    fault: {
      code: 'config-invalid',
      message: 'cannot run sonde record: there is no option --fro',
      hint: 'Did you mean --for?',
    },
  });
});

test('an export and JSON do not share stdout', async () => {
  const { code, out } = await sonde('export a.mcap --format pprof -o - --json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    fault: { message: 'cannot write both the export and JSON to stdout' },
  });
});

test('a compressed export does not go to a terminal', async () => {
  expect((await sonde('export a.mcap -f pprof -o -', fakeWorld({ isTerminal: true }))).code).toBe(2);
});

test('durations', () => {
  expect(['20s', '20', '1.5m', '1h30m', '500ms', '1h2m3s'].map((text) => parseDurationMs(text, '--for'))).toEqual([
    20_000, 20_000, 90_000, 5_400_000, 500, 3_723_000,
  ]);
  for (const text of ['', '20 s', 's', '-5s', '20x', '5s5'])
    expect(() => parseDurationMs(text, '--for')).toThrow('cannot understand');
});

test('quantities in words', () => {
  expect([0, 59.9, 60, 3723].map(clockText)).toEqual(['0:00', '0:59', '1:00', '1:02:03']);
  expect([0, 999, 12_345, 4_100_000].map(bytesText)).toEqual(['0 B', '999 B', '12.3 kB', '4.1 MB']);
});

test('the nearest word', () => {
  const known = ['accept-host-key', 'for', 'hz', 'identity', 'json', 'known-hosts', 'output', 'pid'];
  expect(['jsno', 'known-host', 'accept', 'ouput', 'pdi', 'zzz', 'x'].map((word) => nearest(word, known))).toEqual([
    'json',
    'known-hosts',
    'accept-host-key',
    'output',
    'pid',
    null,
    null,
  ]);
});
