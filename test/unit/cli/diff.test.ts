/** diff on real files. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { sonde } from './fake-world.ts';

async function recording(stacks: string): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, signalsFromStacks(stacks));
  return file;
}

const BEFORE = 'nginx;main;parse 300 @0\nnginx;main;read 200 @1';
const AFTER = 'nginx;main;parse 900 @0\nnginx;main;read 200 @1';

test('two recordings in words', async () => {
  const [a, b] = [await recording(BEFORE), await recording(AFTER)];
  const { code, out, err } = await sonde(`diff ${a} ${b}`);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^before {2}\S+a\.sonde\.mcap: edge-box, 2\.0 s, 500 samples/);
  expect(out).toMatch(/60\.00 % +81\.82 % +\+21\.82 +\+21\.82 +yes +parse/);
});

test('two parts of one recording', async () => {
  const file = await recording(BEFORE);
  const { out, code } = await sonde(`diff ${file} --to 1s --from-b 1s`);
  expect(code).toBe(0);
  expect(out).toMatch(/0\.00 % +100\.00 % +\+100\.00 +\+100\.00 +yes +read/);
});

test('only one process, and only a part of both', async () => {
  const [a, b] = [await recording(`sh;other 5\n${BEFORE}`), await recording(AFTER)];
  const { out } = await sonde(`diff ${a} ${b} --process nginx --to 1s --json`);
  const { comparison } = JSON.parse(out) as { comparison: { before: object; after: object } };
  expect([comparison.before, comparison.after]).toMatchObject([{ samples: 300 }, { samples: 900 }]);
});

test('a file and itself: nothing changed', async () => {
  const file = await recording(BEFORE);
  expect((await sonde(`diff ${file} ${file}`)).out).toContain('nothing changed');
});

test('as JSON, and to a file', async () => {
  const [a, b] = [await recording(BEFORE), await recording(AFTER)];
  const answer = JSON.parse((await sonde(`diff ${a} ${b} --normalise time --json`)).out) as object;
  expect(answer).toMatchObject({
    ok: true,
    comparison: { profile: { basis: { by: 'time' }, functions: [{ name: 'parse' }, {}, {}] }, calls: null },
  });
  const file = path.join(path.dirname(a), 'diff.folded');
  expect((await sonde(`diff ${a} ${b} --format folded -o ${file}`)).out).toContain(file);
  expect(await readFile(file, 'utf8')).toBe('nginx;main;parse 300 900\nnginx;main;read 200 200\n');
  expect(JSON.parse((await sonde(`diff ${a} ${b} -f json`)).out)).toMatchObject({
    profile: { functions: [{}, {}, {}] },
  });
});

test.each([
  ['diff A', 'AFTER is missing'],
  ['diff A A --normalise total', '--normalise total and --of FUNCTION go together'],
  ['diff A A --of main', '--normalise total and --of FUNCTION go together'],
  ['diff A A --normalise tme', 'Did you mean time?'],
  ['diff A A --format svg', 'there is no --format svg'],
  ['diff A A --normalise total --of nobody', 'nobody has no samples'],
  ['diff A /nowhere.mcap', 'cannot open /nowhere.mcap'],
])('%s: %s', async (line, why) => {
  const file = await recording(BEFORE);
  const { code, err } = await sonde(line.replaceAll(' A', ` ${file}`));
  expect(code).not.toBe(0);
  expect(err).toContain(why);
});
