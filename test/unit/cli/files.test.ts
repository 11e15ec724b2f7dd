/** info and export on real files. */
import { readFile, readdir, truncate, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { fakeWorld, sonde } from './fake-world.ts';

async function sample(): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks('nginx;main;_ZN3foo3barEv 3\nnginx/w;main;go 2 @1\nsh;main 4 @2'), {
    now: () => Date.UTC(2026, 0, 2),
  });
  return file;
}

test('info in words', async () => {
  const file = await sample();
  const { code, out, err } = await sonde(`info ${file}`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('recorded from root@edge-box at 2026-01-02T00:00:00.000Z, 0:03');
  expect(out).toContain('13 records, complete');
  expect(out).toContain('foo::bar()');
});

test('info as JSON', async () => {
  const file = await sample();
  const answer = JSON.parse((await sonde(`info ${file} --json`)).out) as object;
  expect(answer).toMatchObject({
    ok: true,
    recording: { file, complete: true, records: 13, hostname: 'edge-box' },
    summary: { samples: { kept: 9 }, hottest: [{ name: 'main' }, {}, {}] },
  });
  expect(answer).not.toHaveProperty('warning');
});

test('info of a recording that was cut short warns and works', async () => {
  const file = await sample();
  await truncate(file, Math.floor((await stat(file)).size / 2));
  const { code, out, err } = await sonde(`info ${file}`);
  expect(code).toBe(0);
  expect(out).toContain('the recording was cut short');
  expect(err).toContain('it has no end');
  expect(JSON.parse((await sonde(`info ${file} --json`)).out)).toMatchObject({
    ok: true,
    warning: { code: 'bad-recording' },
  });
});

test('export beside the recording, to a file, to stdout', async () => {
  const file = await sample();
  const folder = path.dirname(file);
  const first = await sonde(`export ${file} --format folded`);
  expect(first).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining(`${path.join(folder, 'a.folded')}: 9 samples, 3 stacks`),
  });
  await sonde(`export ${file} -f speedscope -o ${folder}/x.json`);
  expect((await readdir(folder)).toSorted()).toEqual(['a.folded', 'a.sonde.mcap', 'x.json']);
  const piped = await sonde(`export ${file} -f folded -o -`);
  expect(piped.out).toBe(await readFile(path.join(folder, 'a.folded'), 'utf8'));
  expect(piped.out).toContain('nginx;main;foo::bar() 3\n');
});

test('export of a part', async () => {
  const file = await sample();
  const lines = async (more: string): Promise<string[]> =>
    (await sonde(`export ${file} -f folded -o - ${more}`)).out.split('\n').filter((line) => /^\w/.test(line));
  expect(await lines('--from 1s --to 2s')).toEqual(['nginx;main;go 2']);
  expect(await lines('--pid 102')).toEqual(['sh;main 4']);
  expect(await lines('--tid 10002')).toEqual(['nginx;main;go 2']);
});

test('export of several parts, each sample once', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks('a;one 1 @0\na;two 2 @1\na;three 4 @2\na;four 8 @3'));
  const lines = async (more: string): Promise<string[]> =>
    (await sonde(`export ${file} -f folded -o - ${more}`)).out.split('\n').filter((line) => /^\w/.test(line));
  expect(await lines('--from 3s --to 4s --from 1s --to 2s')).toEqual(['a;four 8', 'a;two 2']);
  expect(await lines('--from 0s --to 1s --from 1s --to 2s')).toEqual(['a;one 1', 'a;two 2']);
  for (const [words, why] of [
    ['--from 0s --to 1s --from 2s', 'Write a pair for each range.'],
    ['--from 0s --to 2s --from 1s --to 3s', 'two of them overlap'],
    ['--from 0s --to 1s --from 3s --to 2s', 'nothing is in between'],
  ])
    expect(await sonde(`export ${file} -f folded -o - ${words}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(why ?? ''),
    });
});

test('export as JSON', async () => {
  const file = await sample();
  const { out } = await sonde(`export ${file} -f pprof --json`);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    file: file.replace('.sonde.mcap', '.pb.gz'),
    format: 'pprof',
    samples: 9,
    stacks: 3,
  });
});

async function calls(): Promise<string> {
  const file = path.join(temporaryFolder(), 'c.sonde.mcap');
  await record(file, signalsFromCalls('nginx read - 10 3\nnginx openat ENOENT 12 2\nsh read - 8 1 @1'));
  return file;
}

test('info of system calls', async () => {
  const { code, out } = await sonde(`info ${await calls()}`);
  expect(code).toBe(0);
  expect(out).toContain('2.0 s of system calls: 6 (3.0/s), 2 of them failed (1.0/s)');
  expect(out).toContain('openat → ENOENT (No such file or directory)  nginx (101)');
  expect(out).not.toContain('Hz');
});

test('system calls as tables', async () => {
  const file = await calls();
  const table = async (more: string): Promise<string[]> =>
    (await sonde(`export ${file} -f csv -o - ${more}`)).out.trimEnd().split('\n');
  expect(await table('')).toHaveLength(1 + 3);
  expect((await table('--table errors'))[1]).toContain(',openat,x86-64,ENOENT,2,No such file or directory,2,');
  expect(await table('--per-window --pid 102')).toEqual([
    expect.stringMatching(/^time,from_ns,to_ns,process,pid,comm,/),
    expect.stringMatching(/^2026-01-02T03:04:06\.000Z,1001000000000,1002000000000,2,102,sh,,/),
  ]);
  expect(await sonde(`export ${file} -f csv`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('c.csv: 6 calls, 3 rows, '),
  });
  expect(JSON.parse((await sonde(`export ${file} -f json --json`)).out)).toMatchObject({
    ok: true,
    file: file.replace('.sonde.mcap', '.calls.json'),
    calls: 6,
    rows: 3,
  });
});

test.each([
  ['-f folded --per-window', 'folded has no tables, so no --per-window'],
  ['-f csv --table wrong', 'The tables are calls, errors, flows, slow, dns, drops.'],
  ['-f csv --table slow --per-window', 'the rows of the table slow are of no window'],
  ['-f csv --include-own', 'the table calls has nothing of Sonde itself'],
])('export %s is refused', async (words, message) => {
  const { code, err } = await sonde(`export ${await calls()} ${words}`);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('a recording without what the format needs', async () => {
  const { code, err } = await sonde(`export ${await calls()} -f pprof`);
  expect(code).toBe(50);
  expect(err).toContain('the recording holds nothing of CPU profile');
  expect(err).toContain('csv, json, jsonl, parquet');
});

test('a terminal sees progress, a pipe does not', async () => {
  const file = await sample();
  const terminal = fakeWorld({ isTerminal: true });
  await sonde(`export ${file} -f folded`, terminal);
  expect(terminal.err()).toMatch(/reading \d+ %/);
  expect(terminal.err().endsWith('\r\u001b[K')).toBe(true);
  expect((await sonde(`export ${file} -f folded`)).err).toBe('');
});
