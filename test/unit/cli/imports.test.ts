/** report, import, and files of other profilers in the place of recordings. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { sonde } from './fake-world.ts';

function folded(): string {
  const file = path.join(temporaryFolder(), 'a.folded');
  writeFileSync(file, 'nginx;main;loop 3\nsh;main 4\n');
  return file;
}

test('report: one page beside the recording', async () => {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, signalsFromStacks('nginx;main 3\nsh;main 4 @1'));
  const { code, err } = await sonde(`report ${recording} --process sh`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const html = readFileSync(path.join(folder, 'a.html'), 'utf8');
  expect(html).toContain('"sh (102)"');
  expect(html).not.toContain('"nginx (101)"');
});

test('import: a recording of another file, and never over one that is there', async () => {
  const file = folded();
  const made = file.replace('.folded', '.sonde.mcap');
  expect(await sonde(`import ${file}`)).toMatchObject({ code: 0, err: '', out: expect.stringContaining(made) });
  expect((await sonde(`info ${made}`)).out).toContain('7 samples kept of 7 seen');
  const again = await sonde(`import ${file} --json`);
  expect(JSON.parse(again.out)).toMatchObject({ ok: false, fault: { code: 'file-io' } });
  expect((await sonde(`import ${made}`)).err).toContain('it is a recording already');
});

test('info, export, report and diff take it as it is, and leave nothing but what was asked for', async () => {
  const file = folded();
  const folder = path.dirname(file);
  const info = await sonde(`info ${file}`);
  expect(info).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`${file}: `) });
  expect((await sonde(`export ${file} -f folded -o -`)).out).toContain('nginx;main;loop 3\nsh;main 4\n');
  expect(await sonde(`export ${file} -f svg`)).toMatchObject({ code: 0 });
  expect(await sonde(`report ${file}`)).toMatchObject({ code: 0 });
  expect((await sonde(`diff ${file} ${file}`)).out).toContain(file);
  expect(readdirSync(folder).toSorted()).toEqual(['a.folded', 'a.folded.html', 'a.folded.svg']);
});

test('a time of day, and one that is none', async () => {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signalsFromStacks('a;x 1\nb;x 2 @1\nc;x 4 @2'), { now: () => Date.UTC(2026, 0, 2) });
  const from = await sonde(`export ${recording} -f folded -o - --from 2026-01-02T00:00:01Z --to 2s`);
  expect(from.out.split('\n').filter((line) => /^\w/.test(line))).toEqual(['b;x 2']);
  expect(await sonde(`export ${recording} -f folded --from 2026-01-02`)).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot understand --from 2026-01-02'),
  });
  expect(await sonde(`export ${recording} -f folded --from 2s --to 1s`)).toMatchObject({
    code: 2,
    err: expect.stringContaining('nothing is in between'),
  });
});

test('packets are not in a recording, and it says where they come from', async () => {
  const { code, err } = await sonde('export a.sonde.mcap -f pcapng');
  expect(code).toBe(2);
  expect(err).toContain('sonde capture');
});
