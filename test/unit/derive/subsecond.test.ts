import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_FILTER, PLAIN_TREE, ProfileMaker } from '../../../renderer/derive/index.ts';
import {
  areSlots,
  cpusSeen,
  cutToSlots,
  SECOND_NS,
  SLOT,
  secondsGrid,
  secondsWithin,
  slotAt,
  slotLengthNs,
} from '../../../renderer/derive/subsecond/index.ts';
import type { ProbeSignal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { slotNumber, slotStartNs } from '../../../remote-agent/protocol/slots.ts';
import { snapshotOf } from './drawn.ts';

const MS = 1e6;
const SLOT_NS = 20 * MS;
/** First window of the drawn sessions. */
const START_S = 1000;
const START_NS = START_S * SECOND_NS;

/** What the kernel side does, in 64-bit arithmetic. */
function toldBy(nowNs: number, slotHundredths: number): number {
  const now = BigInt(Math.floor(nowNs));
  const hundredth = (now % 1_000_000_000n) / 10_000_000n;
  const begins = hundredth - (hundredth % BigInt(slotHundredths));
  return Number(1n + ((now / 1_000_000_000n) % 128n) * 100n + begins);
}

describe('the slot of a sample', () => {
  it('is found again in any window of up to two minutes, however long the device is up', () => {
    const upNs = fc.double({ min: 0, max: 5e15, noNaN: true });
    const lengthNs = fc.double({ min: 1, max: 120e9, noNaN: true });
    fc.assert(
      fc.property(
        upNs,
        lengthNs,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        (up, length, share, hundredths) => {
          const fromNs = Math.floor(up);
          const atNs = Math.floor(fromNs + share * length);
          const startNs = slotStartNs(toldBy(atNs, hundredths), fromNs);
          expect(slotNumber(startNs)).toBe(toldBy(atNs, hundredths));
          expect(startNs).toBeLessThanOrEqual(atNs);
          expect(atNs - startNs).toBeLessThan(hundredths * 1e7);
          expect(Math.floor(startNs / SECOND_NS)).toBe(Math.floor(atNs / SECOND_NS));
        },
      ),
    );
  });

  it.each([
    [{}, 20],
    [{ 'slot-ms': '100' }, 100],
    [{ 'slot-ms': '7' }, 10],
    [{ 'slot-ms': '0' }, 20],
    [{ 'slot-ms': '99999999' }, 1000],
    [{ 'slot-ms': 'x' }, 20],
  ])('is so long as the probe was told: %o', (options, ms) => {
    const started = { kind: 'started', options, mapBytes: 0, cpus: 1 } as const;
    const event: ProbeSignal = { kind: 'probe', probe: 'cpu-profile', atNs: 0, what: started };
    expect(slotLengthNs([event])).toBe(ms * MS);
  });

  it('may be the short end of a second', () => {
    expect(slotAt(5 * SECOND_NS + 990 * MS, 300 * MS)).toEqual({ second: 5, slot: 3 });
  });
});

const grid = (drawn: Parameters<typeof snapshotOf>[0], more: Partial<Parameters<typeof secondsGrid>[0]> = {}) => {
  const { samples } = snapshotOf(drawn);
  const span = { first: 0, end: samples.windowCount };
  const seconds = { first: START_S, count: Math.max(2, samples.windowCount) };
  return secondsGrid({ samples, span, seconds, slotNs: SLOT_NS, cpu: null, passes: () => true, ...more });
};

describe('samples by second and slot', () => {
  it('lie where they were taken', () => {
    const made = grid('sh;a 2 cpu0 ~140\nsh;b 3 cpu1 ~150\nsh;a 1 @1 cpu0 ~0\nsh;a 1 @1 cpu0 ~990');
    expect(made).toMatchObject({ slots: 50, most: 5, placed: 7, unplaced: 0 });
    const filled = [...made.samples].flatMap((samples, cell) => (samples > 0 ? [[cell, samples]] : []));
    expect(filled).toEqual([
      [7, 5],
      [50, 1],
      [99, 1],
    ]);
    expect(made.state.every((state) => state === SLOT.watched)).toBe(true);
  });

  it('can be those of one CPU, or of some threads', () => {
    const drawn = 'sh;a 2 cpu0 ~140\nsh;b 3 cpu1 ~140\nweb;b 4 cpu1 ~140';
    expect(grid(drawn, { cpu: 1 }).placed).toBe(7);
    expect(grid(drawn, { passes: (thread) => thread === 2 }).placed).toBe(4);
    const { samples } = snapshotOf(drawn);
    expect(cpusSeen(samples, { first: 0, end: 1 })).toEqual([0, 1]);
  });

  it('of which only the window is known are spread over it, and marked', () => {
    const made = grid('sh;a 25\nsh;a 3 @1 ~500');
    expect(made).toMatchObject({ placed: 3, unplaced: 25 });
    expect([...made.samples.subarray(0, 50)].every((samples) => samples === 0.5)).toBe(true);
    expect([...made.state.subarray(0, 50)].every((state) => state === SLOT.averaged)).toBe(true);
    expect(made.samples[75]).toBe(3);
  });

  it('are unknown where nobody watched', () => {
    const made = grid('sh;a 1 ~0', { seconds: { first: START_S - 1, count: 3 } });
    expect([made.state[0], made.state[50], made.state[99], made.state[100]]).toEqual([
      SLOT.unwatched,
      SLOT.watched,
      SLOT.watched,
      SLOT.unwatched,
    ]);
  });

  it('all come back, whatever was taken when', () => {
    const line = fc.tuple(fc.nat(3), fc.nat(99), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(1, 2, 5, 7, 100),
        (lines, hundredths) => {
          const text = lines.map(([second, slot, samples]) => `sh;a ${samples} @${second} ~${slot * 10}`).join('\n');
          const slotNs = hundredths * 10 * MS;
          const made = grid(text, { slotNs, seconds: { first: START_S, count: 4 } });
          const truth = new Map<number, number>();
          for (const [second, slot, samples] of lines) {
            const cell = second * made.slots + Math.floor(slot / hundredths);
            truth.set(cell, (truth.get(cell) ?? 0) + samples);
          }
          expect(new Map([...made.samples].flatMap((n, cell) => (n > 0 ? [[cell, n] as const] : [])))).toEqual(truth);
        },
      ),
    );
  });
});

const DRAWN = 'sh;a 1 ~100\nsh;b 2 ~500\nsh;c 4 ~520\nsh;a 8 @1 ~0\nsh;b 16 @1 ~980\nsh;c 32 @2 ~300';

describe('ranges cut to the slot', () => {
  const { samples } = snapshotOf(DRAWN);
  const span = { first: 0, end: 3 };
  const range = (fromMs: number, toMs: number) => ({ fromNs: START_NS + fromMs * MS, toNs: START_NS + toMs * MS });
  const total = (...ranges: ReturnType<typeof range>[]) => {
    const cut = cutToSlots(samples, span, ranges, SLOT_NS);
    return cut === null ? null : [...cut.samples.samples].reduce((sum, weight) => sum + weight, 0);
  };

  it('have the samples of their slots and no others', () => {
    expect(total(range(500, 520))).toBe(2);
    expect(total(range(500, 540))).toBe(6);
    expect(total(range(520, 1980))).toBe(4 + 8);
    expect(total(range(100, 120), range(2300, 2320))).toBe(1 + 32);
    expect(total(range(0, 3000))).toBeNull();
  });

  it('touch the slots that they end in', () => {
    expect(total(range(510, 530))).toBe(6);
  });

  it('are those that end where slots end; others mean whole windows', () => {
    expect(areSlots([range(500, 520), range(900, 1010)])).toBe(true);
    expect(areSlots([range(500, 520), { fromNs: START_NS + 900 * MS + 1, toNs: START_NS + 990 * MS }])).toBe(false);
  });

  it('leave what was given as it was', () => {
    const before = [...samples.samples];
    total(range(0, 20));
    expect([...samples.samples]).toEqual(before);
  });

  it('have all samples of a window that does not say when, and say so', () => {
    const untold = snapshotOf('sh;a 5\nsh;b 2 @1 ~500').samples;
    const cut = cutToSlots(untold, { first: 0, end: 2 }, [range(900, 1520)], SLOT_NS);
    expect([...(cut?.samples.samples ?? [])]).toEqual([5, 2]);
    expect(cut?.unplaced).toBe(5);
    expect([...(cut?.shares ?? [])]).toEqual([1, 0.52]);
  });

  it('are what the pictures are made of, with as much of the time', () => {
    const snapshot = snapshotOf(DRAWN);
    const ask = { filter: NO_FILTER, options: PLAIN_TREE, inverted: false, span, ...snapshot };
    const maker = new ProfileMaker();
    const whole = maker.make({ ...ask, within: null });
    const part = maker.make({ ...ask, within: { ranges: [range(400, 600), range(1000, 1100)], slotNs: SLOT_NS } });
    const again = maker.make({ ...ask, within: null });
    expect([whole.tree, part.tree, again.tree].map(({ total: weights }) => weights[0])).toEqual([63, 14, 63]);
    expect(part.coverage.seconds).toBeCloseTo(0.3);
    expect(part.isWidened).toBe(false);
  });

  it('are the whole of a recording that never said when', () => {
    const old = signalsFromStacks('sh;a 5\nsh;b 2 @1').map((signal) =>
      signal.kind === 'window' ? ({ ...signal, columns: signal.columns.slice(0, 4) } satisfies WindowSignal) : signal,
    );
    const cut = cutToSlots(snapshotOf(old).samples, { first: 0, end: 2 }, [range(900, 1520)], SLOT_NS);
    expect(cut?.unplaced).toBe(7);
    expect(grid(old)).toMatchObject({ placed: 0, unplaced: 7 });
  });
});

it('seconds within a range are those that it touches', () => {
  expect(secondsWithin({ fromNs: 4.5e9, toNs: 6e9 })).toEqual({ first: 4, count: 2 });
  expect(secondsWithin({ fromNs: 4e9, toNs: 4e9 })).toEqual({ first: 4, count: 1 });
});
