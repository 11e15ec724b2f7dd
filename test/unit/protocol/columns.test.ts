import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ColumnPacker, type PackedSpec, unpackColumn } from '../../../remote-agent/protocol/columns.ts';
import { seeded } from './seeded.ts';

const PLAIN: PackedSpec = { type: 'count64' };
const IDS: PackedSpec = { type: 'flow' };
const TIMES: PackedSpec = { type: 'time', grainNs: 1000 };

const pack = (values: readonly number[], spec: PackedSpec) =>
  new ColumnPacker(values.length).pack(Float64Array.from(values), spec).slice();
function unpack(bytes: Uint8Array, spec: PackedSpec, rows: number): number[] | null {
  const into = new Float64Array(rows);
  return unpackColumn(bytes, spec, into) ? [...into] : null;
}

describe('a compact column', () => {
  const value = fc.oneof(fc.constant(0), fc.constant(0), fc.constant(7), fc.nat(300), fc.maxSafeNat());

  it('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.constantFrom(PLAIN, IDS), (values, spec) => {
        expect(unpack(pack(values, spec), spec, values.length)).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps times of a device that has been up for years', () => {
    const times = [2 ** 58, 2 ** 58 + 2 ** 20, 0, 2 ** 58 + 64, 5, 2 ** 62];
    expect(unpack(pack(times, { type: 'time' }), { type: 'time' }, times.length)).toEqual(times);
  });

  it('is rounded to its grain, and never to nothing', () => {
    expect(unpack(pack([0, 1, 1499, 1500, 5_000_000], TIMES), TIMES, 5)).toEqual([0, 1000, 1000, 2000, 5_000_000]);
  });

  it('stands in the order of the key', () => {
    const packer = new ColumnPacker(4, [30, 10, 20, 10]);
    expect([...packer.order]).toEqual([1, 3, 2, 0]);
    expect(unpack(packer.pack([1, 2, 3, 4], PLAIN), PLAIN, 4)).toEqual([2, 4, 3, 1]);
  });

  it('is the same from a packer that others have used', () => {
    const rows = fc.array(fc.record({ key: fc.nat(50), value }), { maxLength: 60 });
    const used = new ColumnPacker(0);
    fc.assert(
      fc.property(rows, fc.boolean(), fc.constantFrom(PLAIN, IDS, TIMES), (cells, isOrdered, spec) => {
        const key = isOrdered ? cells.map((cell) => cell.key) : null;
        const column = cells.map((cell) => cell.value);
        used.begin(cells.length, key, cells.length + 8);
        expect(used.pack(column, spec)).toEqual(new ColumnPacker(cells.length, key).pack(column, spec));
      }),
      { numRuns: 500 },
    );
  });

  const many = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));
  test.each<[string, PackedSpec, number[], number]>([
    ['nothing at all', PLAIN, many(1000, () => 0), 0],
    ['ids one after the other', IDS, many(1000, (i) => 5_000_000 + i), 10],
    ['one value all over', PLAIN, many(1000, () => 10), 5],
    ['one that is not 0', PLAIN, [...many(500, () => 0), 9, ...many(499, () => 0)], 10],
    ['half of it not 0', IDS, many(1000, (i) => (i < 500 ? 0 : 1000 + 3 * i)), 520],
    ['times of one second', TIMES, many(1000, (i) => 2 ** 50 + i * 1e6), 2010],
  ])('%s takes few bytes', (_, spec, values, most) => {
    const bytes = pack(values, spec);
    expect(bytes.length).toBeLessThanOrEqual(most);
    const grain = spec.grainNs ?? 1;
    expect(unpack(bytes, spec, values.length)).toEqual(values.map((one) => Math.round(one / grain) * grain));
  });
});

describe('what is no compact column', () => {
  test.each([
    ['a form from the future', [8, 1, 2]],
    ['too few values', [0, 1]],
    ['too many values', [0, 1, 2, 3]],
    ['more runs than rows', [1, 9, 1, 1]],
    ['runs that are longer than all rows', [1, 2, 1, 5, 1, 1, 1, 1, 1]],
    ['a value that stands never', [4, 7, 0]],
    ['a value that stands too often', [4, 7, 3]],
    ['a step below 0', [2, 2, 5]],
    ['a number without end', [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ['only a form', [1]],
  ])('%s is refused', (_, bytes) => expect(unpack(Uint8Array.from(bytes), PLAIN, 2)).toBeNull());

  it('a number that is wider than its column is refused', () => {
    const bytes = pack([2 ** 32], IDS);
    expect(unpackColumn(bytes, IDS, new Uint32Array(1))).toBe(false);
    expect(unpackColumn(bytes, IDS, new Float64Array(1))).toBe(true);
  });

  it('any bytes are read or refused, and what is read is a number', () => {
    const { seed, random, bytes } = seeded();
    for (let round = 0; round < 5000; round++) {
      const junk = bytes(Math.floor(random() * 30));
      if (junk.length > 0 && random() < 0.8) junk[0] = Math.floor(random() * 8);
      const into = random() < 0.5 ? new Uint32Array(10) : new Float64Array(10);
      if (unpackColumn(junk, random() < 0.5 ? PLAIN : IDS, into))
        expect(
          [...into].every((one) => one >= 0),
          `seed ${seed}`,
        ).toBe(true);
    }
  });
});
