/** What must hold for every profile: no format changes a count, and hostile names break none of them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeText } from '../../../remote-agent/protocol/index.ts';
import { largeProfile, type SampledStack, signalsFromStacks } from '../../fixtures/signals.ts';
import { exported, foldedStacks, pprofFile, profileOf, profileOfStacks, speedscopeFile } from './helpers.ts';
import { schemaErrors } from './json-schema.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';

const SCHEMA = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('speedscope/dist/release/file-format-schema.json'), 'utf8'),
) as object;

/** Names as they come through the door: any text, made safe. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => safeText(text, 100)),
  fc.constantFrom('a;b', 'x 5', '#', '"', '\\', '</script>', '_ZN3fooEv', ' ', '[k]', '%s', '__proto__'),
);
const stacks: fc.Arbitrary<SampledStack[]> = fc.array(
  fc.record({
    process: name,
    thread: name,
    frames: fc.array(name, { maxLength: 8 }),
    samples: fc.integer({ min: 1, max: 1e6 }),
    second: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 20 },
);

test('every format holds the same samples', async () => {
  await fc.assert(
    fc.asyncProperty(stacks, async (stacks) => {
      const profile = await profileOfStacks(stacks);
      const total = stacks.reduce((sum, stack) => sum + (stack.samples ?? 0), 0);
      expect(foldedStacks(profile).reduce((sum, line) => sum + Number(/ (\d+)$/.exec(line)?.[1]), 0)).toBe(total);
      expect(pprofFile(profile).sample.reduce((sum, sample) => sum + Number(sample.value[0]), 0)).toBe(total);
      const file = speedscopeFile(profile);
      const weight = file.profiles[0]?.weights.reduce((sum, weight) => sum + weight, 0) ?? 0;
      expect(Math.round((weight * 99) / 1e9)).toBe(total);
      expect(schemaErrors(SCHEMA, file)).toEqual([]);
      for (const { samples } of file.profiles)
        for (const id of samples.flat()) expect(file.shared.frames[id]).toBeDefined();
    }),
    { seed: 11, numRuns: 80 },
  );
});

test('when within a second samples were taken changes no format', async () => {
  const [apart, together] = await Promise.all([
    profileOfStacks('a;main;f 1 ~0\na;main;f 2 ~20\na;main;f 4 cpu1 ~20\na;main 8 @1 ~980'),
    profileOfStacks('a;main;f 3\na;main;f 4 cpu1\na;main 8 @1'),
  ]);
  for (const format of ['folded', 'speedscope']) expect(exported(format, apart)).toEqual(exported(format, together));
  expect(pprofFile(apart).sample).toEqual(pprofFile(together).sample);
});

test('a part has the samples of that part', async () => {
  const signals = signalsFromStacks('a;main 1\na/w;main 2 @1\nb;main 4 @1\nb;main 8 @2');
  const samples = async (filter: object): Promise<number> =>
    (await profileOf(signals, filter)).entries.reduce((sum, entry) => sum + entry.samples, 0);
  expect(await samples({})).toBe(15);
  expect(await samples({ fromNs: 1001e9, toNs: 1002e9 })).toBe(6);
  expect(await samples({ fromNs: 1001.5e9, toNs: 1002.5e9 })).toBe(14); // windows that overlap, as in the views
  expect(await samples({ pid: 101 })).toBe(3);
  expect(await samples({ tid: 10002 })).toBe(2);
  expect(await samples({ pid: 999 })).toBe(0);
});

test('two runs in one recording do not mix their ids', async () => {
  const signals = [...signalsFromStacks('a;main;x 1'), ...signalsFromStacks('b;go;y 2\na;main;x 4')];
  expect(foldedStacks(await profileOf(signals))).toEqual(['a;main;x 5', 'b;go;y 2']);
});

test('names that came late are used', async () => {
  const signals = signalsFromStacks('a;main;0x4000@libx.so 3');
  const late = definitionsOf({ firstStack: 3, names: [{ frame: 2, name: '_ZN3foo3barEv', interpreted: false }] });
  expect(foldedStacks(await profileOf([...signals, late]))).toEqual(['a;main;foo::bar() 3']);
});

test('an empty profile is a valid file of every format', async () => {
  const profile = await profileOf([]);
  expect(foldedStacks(profile)).toEqual([]);
  expect(schemaErrors(SCHEMA, speedscopeFile(profile))).toEqual([]);
  expect(pprofFile(profile).sample).toEqual([]);
});

test('a big profile is exported in seconds', async () => {
  const profile = await profileOf(largeProfile({ frames: 20_000, seed: 2 }));
  for (const format of ['folded', 'pprof', 'speedscope']) {
    const started = performance.now();
    expect(exported(format, profile).length).toBeGreaterThan(300_000);
    expect(performance.now() - started, format).toBeLessThan(10_000);
  }
});
