/** info and export on real files. */
import { readFile, readdir, truncate, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
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

test('a terminal sees progress, a pipe does not', async () => {
  const file = await sample();
  const terminal = fakeWorld({ isTerminal: true });
  await sonde(`export ${file} -f folded`, terminal);
  expect(terminal.err()).toMatch(/reading \d+ %/);
  expect(terminal.err().endsWith('\r\u001b[K')).toBe(true);
  expect((await sonde(`export ${file} -f folded`)).err).toBe('');
});
