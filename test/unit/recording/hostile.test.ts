/** Files that were put in order and then damaged, or made to do harm: no crash, no hang, no number that is wrong in silence. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openRecording, tidyRecording, UntrueIndex } from '../../../electron/recording/index.ts';
import { WindowRunSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import {
  encodeRun,
  faultOf,
  readWindowRun,
  type Signal,
  SignalDecoder,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { changedCopy, keptSamples, recordAtOnce, temporaryFolder } from './helpers.ts';

const SIGNALS = signalsFromStacks(
  Array.from({ length: 200 }, (_, second) => `nginx;main;step_${second % 40}_[k] 3 @${second}`).join('\n'),
);
const KEPT = keptSamples(SIGNALS);

async function tidyFile(): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await recordAtOnce(file, SIGNALS);
  expect(await tidyRecording(file, { rowsWithoutSums: 0, mayGrow: true })).toBe('done');
  return file;
}

/** What a window would be shown: from front to back, and as sums. null: it is refused in words. */
async function shownOf(file: string): Promise<{ whole: number; sums: number | null; warned: boolean } | null> {
  const reader = await openRecording(file).catch((error: unknown) => {
    if (!faultOf(error)) throw error;
    return null;
  });
  if (!reader) return null;
  try {
    const signals: Signal[] = [];
    for await (const batch of reader.batches()) signals.push(...batch);
    const warned = reader.warning !== null;
    const ranges = await reader.ranges({ rows: 0, eventRows: 0 });
    const sums: Signal[] = [];
    try {
      for await (const batch of (await ranges?.show(null))?.signals ?? []) sums.push(...batch);
    } catch (error) {
      if (!(error instanceof UntrueIndex)) throw error;
      return { whole: keptSamples(signals), sums: null, warned };
    }
    return { whole: keptSamples(signals), sums: ranges ? keptSamples(sums) : null, warned };
  } finally {
    await reader.close();
  }
}

test('a bit flipped anywhere: sums are right or not used, and what is missing is said', {
  timeout: 60_000,
}, async () => {
  const file = await tidyFile();
  const { length } = await readFile(file);
  const random = seededRandom(411);
  for (let i = 0; i < 40; i++) {
    const place = 8 + Math.floor(random() * (length - 8));
    const bit = 1 << Math.floor(random() * 8);
    const flipped = await changedCopy(file, (bytes) => {
      bytes[place] = (bytes[place] ?? 0) ^ bit;
      return bytes;
    });
    const shown = await shownOf(flipped);
    if (!shown) continue;
    expect(shown.whole, `at ${place}`).toBeLessThanOrEqual(KEPT);
    if (shown.whole < KEPT) expect(shown.warned, `at ${place}`).toBe(true);
    expect([KEPT, null], `at ${place}`).toContain(shown.sums);
  }
});

test('cut anywhere: what is there is read', { timeout: 60_000 }, async () => {
  const file = await tidyFile();
  const { length } = await readFile(file);
  let most = 0;
  for (let end = 500; end < length; end += 1999) {
    const shown = await shownOf(await changedCopy(file, (bytes) => bytes.subarray(0, end)));
    most = Math.max(most, shown?.whole ?? 0);
    expect([KEPT, null]).toContain(shown?.sums ?? null);
  }
  expect(most).toBe(KEPT);
});

describe('a run of windows that was made to do harm', () => {
  const [device, , , definitions] = signalsFromCalls('sh read - 10 5\nsh write - 11 7');
  const window = signalsFromCalls('sh read - 10 5\nsh write - 11 7').find(
    (signal): signal is WindowSignal => signal.kind === 'window',
  );
  if (!window || !device || !definitions) throw new Error('the fixture has changed');
  const good = encodeRun([{ order: 1, window }]);

  function decode(bytes: Uint8Array): unknown {
    const decoder = new SignalDecoder();
    return decoder.decodeRun(readWindowRun(bytes));
  }

  test('any bytes raise a fault or decode', () => {
    const bytes = toBinary(WindowRunSchema, good);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          try {
            decode(changed);
          } catch (error) {
            if (!faultOf(error)) throw error;
          }
        },
      ),
      { numRuns: 500, seed: 8 },
    );
  });

  test.each([
    ['four thousand million windows', { windows: 0xffff_ffff }],
    ['as many rows', { rows: 0xffff_ffff }],
    ['no windows', { windows: 0 }],
    ['rows of windows that are not there', { window: Uint8Array.of(2, 10, 0) }],
    ['no columns', { columns: [] }],
    ['a column on itself', { columns: good.columns.map((column, i) => ({ ...column, plus: i + 1 })) }],
    ['a column on one that is not there', { columns: good.columns.map((column) => ({ ...column, plus: 99 })) }],
    ['more kept than seen', { kept: Uint8Array.of(0, 127) }],
    ['an endless window', { length: Uint8Array.of(0, 255, 255, 255, 255, 255, 255, 255, 255, 127) }],
    ['a window of no length', { length: new Uint8Array(0) }],
  ])('%s', (_, change) => {
    const bytes = toBinary(WindowRunSchema, create(WindowRunSchema, { ...good, ...change }));
    const error = (() => {
      try {
        return decode(bytes);
      } catch (caught) {
        return caught;
      }
    })();
    expect(faultOf(error)?.code).toBe('out-of-sync');
  });
});
