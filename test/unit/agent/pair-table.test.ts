import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { PairTable } from '../../../remote-agent/agent/names/pair-table.ts';

describe('a pair table', () => {
  it('gives equal pairs equal ids, dense from 1', () => {
    const pair = fc.tuple(
      fc.nat(50),
      fc.oneof(fc.nat(50), fc.constantFrom(2 ** 51 + 1, 2 ** 52 - 1, 2 ** 32, 2 ** 32 + 1)),
    );
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 3000 }), (pairs) => {
        const table = new PairTable(1e6, 1 << 16);
        const known = new Map<string, number>();
        for (const [first, second] of pairs) {
          const key = `${first} ${second}`;
          expect(table.find(first, second)).toBe(known.get(key) ?? 0);
          if (!known.has(key)) known.set(key, table.add(first, second));
        }
        expect([...known.values()]).toEqual(Array.from({ length: known.size }, (_, i) => i + 1));
      }),
      { numRuns: 30 },
    );
  });

  it('remembers what is in use and forgets what is not, in two generations', () => {
    const table = new PairTable(1e6, 16);
    table.add(7, 7);
    for (let i = 0; i < 200; i++) {
      table.add(1, i);
      expect(table.find(7, 7)).toBe(1);
    }
    expect(table.find(1, 0)).toBe(0);
    expect(table.find(1, 199)).toBe(201);
    expect(table.add(1, 0)).toBe(202);
  });

  it('ends at its bound', () => {
    const table = new PairTable(2, 16);
    table.add(1, 1);
    table.add(1, 2);
    expect(table.isFull).toBe(true);
    expect(() => table.add(1, 3)).toThrow();
    expect(table.find(1, 2)).toBe(2);
  });
});

describe('the dictionary', () => {
  it('tells each thing once, and addresses whole', () => {
    const dictionary = new Dictionary();
    expect(dictionary.take()).toBeNull();
    const frame = dictionary.frame(1, 0xf_ffff_8100_0010, { name: Buffer.from('f'), interpreted: false });
    const root = dictionary.stack(0, frame);
    const leaf = dictionary.stack(root, frame);
    expect(dictionary.stack(root, frame)).toBe(leaf);
    expect(dictionary.take()).toMatchObject({
      frames: [{ id: 1, module: 1, offset: 0xffff_ffff_8100_0010n }],
      firstStack: 1,
      stackParents: [0, 1],
      stackFrames: [1, 1],
    });
    expect(dictionary.take()).toBeNull();
    dictionary.stack(leaf, frame);
    dictionary.frame(1, 0x7fff_0000_0000, null);
    expect(dictionary.take()).toMatchObject({
      frames: [{ id: 2, offset: 0x7fff_0000_0000n }],
      firstStack: 3,
      stackParents: [2],
    });
  });

  it('gives nothing new while it is frozen, and says why', () => {
    const dictionary = new Dictionary();
    const frame = dictionary.frame(1, 1, null);
    const node = dictionary.stack(0, frame);
    dictionary.isFrozen = true;
    expect(dictionary.refusal).toBe('spool-full');
    expect([
      dictionary.frame(1, 2, null),
      dictionary.stack(node, frame),
      dictionary.stack(0, frame),
      dictionary.findFrame(1, 1),
    ]).toEqual([0, 0, node, frame]);
    dictionary.isFrozen = false;
    expect(dictionary.refusal).toBe('tables-full');
    expect(dictionary.frame(1, 2, null)).toBe(2);
  });
});
