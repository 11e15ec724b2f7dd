import path from 'node:path';
import { expect, test } from 'vitest';
import { collectSide, compareSides, diffFolded, EVERYTHING } from '../../../electron/export/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';

const BEFORE = 'nginx;main;parse@/usr/lib/libx.so 300\nnginx;main;read_[k] 200\nnginx;old 100';
const AFTER = 'nginx;main;parse@/opt/lib/libx.so 900\nnginx;main;read_[k] 200\nnginx;new 100';
const OPTIONS = { by: 'samples', of: null } as const;

async function side(given: string | readonly Signal[]) {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(file, typeof given === 'string' ? signalsFromStacks(given) : given);
  return collectSide(file, { filter: EVERYTHING }, () => undefined);
}

test('functions, matched by name and file name of the module', async () => {
  const { profile } = compareSides(await side(BEFORE), await side(AFTER), OPTIONS);
  const parse = profile?.functions.find(({ name }) => name === 'parse');
  expect(parse).toMatchObject({
    module: 'libx.so',
    selfBefore: 300,
    selfAfter: 900,
    self: { before: 0.5, after: 0.75, points: 0.25, ratio: 1.5 },
  });
  expect(parse?.selfQ).toBeLessThan(0.001);
  expect(profile?.functions[0]?.name).toBe('parse');
  expect(profile?.functions.find(({ name }) => name === 'main')).toMatchObject({ totalBefore: 500, totalAfter: 1100 });
});

test('with itself nothing changed', async () => {
  const one = await side(BEFORE);
  const { profile, notes } = compareSides(one, one, { by: 'time', of: null });
  expect(notes).toEqual([]);
  for (const { self, total, selfQ } of profile?.functions ?? []) {
    expect([self.points, total.points, selfQ]).toEqual([0, 0, 1]);
  }
  expect(profile?.functions).toHaveLength(4);
});

test('swapped, the opposite changed', async () => {
  const [a, b] = [await side(BEFORE), await side(AFTER)];
  const points = (of: ReturnType<typeof compareSides>) =>
    new Map(of.profile?.functions.map(({ name, self }) => [name, self.points]));
  const [there, back] = [points(compareSides(a, b, OPTIONS)), points(compareSides(b, a, OPTIONS))];
  for (const [name, value] of there) expect(back.get(name)).toBeCloseTo(-value, 12);
});

test('100 % may be a function that is on both sides', async () => {
  const [a, b] = [await side(BEFORE), await side(AFTER)];
  const { profile } = compareSides(a, b, { by: 'total', of: 'main' });
  expect(profile?.basis).toEqual({ by: 'total', before: 500, after: 1100 });
  expect(() => compareSides(a, b, { by: 'total', of: 'old' })).toThrowError(/old has no samples in the side “after”/);
});

test('system calls by shift; nothing where one side has none', async () => {
  const quick = await side(signalsFromCalls('nginx read - 10 200\nnginx write EIO 12 200'));
  const slow = await side(signalsFromCalls('nginx read - 14 200\nnginx write - 12 100'));
  const { calls, profile, flows } = compareSides(quick, slow, OPTIONS);
  expect(calls?.map(({ call, comm }) => `${call} ${comm}`)).toEqual(['read nginx', 'write nginx']);
  expect(calls?.[0]?.shift.p99).toBeGreaterThan(8);
  expect(calls?.[1]).toMatchObject({ before: { calls: 200, errors: 200 }, after: { calls: 100, errors: 0 } });
  expect([profile, flows]).toEqual([null, null]);
});

test('folded as difffolded.pl writes it', async () => {
  const [a, b] = [await side(BEFORE), await side(AFTER)];
  expect(diffFolded(a.profile, b.profile, null).split('\n')).toEqual([
    'nginx;main;parse 300 900',
    'nginx;main;read_[k] 200 200',
    'nginx;new 0 100',
    'nginx;old 100 0',
    '',
  ]);
  const basis = compareSides(a, b, OPTIONS).profile?.basis ?? null;
  expect(diffFolded(a.profile, b.profile, basis)).toContain('nginx;main;parse 600 900\n');
});
