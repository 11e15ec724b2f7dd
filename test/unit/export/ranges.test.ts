/** Several ranges in one file: what is in them, once, and what lies between is neither there nor missing. */
import { expect, test } from 'vitest';
import { type ProfileFilter, within } from '../../../electron/export/index.ts';
import type { Stretch } from '../../../remote-agent/protocol/index.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { exported, exportedTable, profileOf, recordingOf } from './helpers.ts';

const second = (from: number, to = from + 1): Stretch => ({ fromNs: 1000e9 + from * 1e9, toNs: 1000e9 + to * 1e9 });
const SIGNALS = signalsFromStacks('a;main 1\na;main 2 @1\nb;main 4 @2\nb;main 8 @3\nb;main 16 @4');

async function samples(ranges: readonly Stretch[]): Promise<number> {
  const { entries } = await profileOf(SIGNALS, within(ranges));
  return entries.reduce((sum, entry) => sum + entry.samples, 0);
}

test('none are all of it; one is that; several are both', async () => {
  expect(await samples([])).toBe(31);
  expect(await samples([second(1)])).toBe(2);
  expect(await samples([second(1), second(3)])).toBe(10);
  // A window that reaches into two of them counts once.
  expect(await samples([second(1.2, 1.4), second(1.6, 1.8), second(3.5, 3.6)])).toBe(10);
});

test('time between them is no gap, a hole within one is', async () => {
  const gapOf = async (ranges: readonly Stretch[]) => {
    const signals = SIGNALS.filter((signal) => signal.kind !== 'window' || signal.fromNs !== second(1).fromNs);
    return (await profileOf(signals, within(ranges))).gapNs;
  };
  expect(await gapOf([])).toBe(1e9);
  expect(await gapOf([second(0), second(3)])).toBe(0);
  expect(await gapOf([second(0, 3), second(4)])).toBe(1e9);
});

test('in every kind of file', async () => {
  const filter: ProfileFilter = within([second(0), second(2)]);
  const folded = exported('folded', await profileOf(SIGNALS, filter)).toString();
  expect(folded.replace(/^#.*\n/gm, '')).toBe('a;main 1\nb;main 4\n');
  const told = JSON.parse(await exportedTable('json', networkSignals(), { table: 'flows', filter })) as {
    readonly range: { readonly covered_ns: number; readonly gap_ns: number };
  };
  expect(told.range).toMatchObject({ covered_ns: 2e9, gap_ns: 0 });
});

test('questions over DNS belong to the range in which they were asked', async () => {
  const asked = async (ranges: readonly Stretch[]) => {
    const { outcomes } = (await recordingOf(networkSignals(), within(ranges))).dns;
    return [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  };
  const each = [await asked([second(0)]), await asked([second(1)]), await asked([second(2)])];
  expect(await asked([second(0), second(2)])).toBe(each[0]! + each[2]!);
  expect(each.some((count) => count > 0)).toBe(true);
});
