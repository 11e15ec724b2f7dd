import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallTree, invertTree, ROOT } from '../../../renderer/derive/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { stacks } from './arbitrary.ts';
import { drawn, text, treeText } from './drawn.ts';

const PROFILE = `
  nginx;main;loop;read_[k] 2
  nginx;main;loop;parse
  nginx;main 4 @1
  sh;main;fork_[k] 3 @2
`;

describe('callTree', () => {
  it('puts equal stacks together below their process, siblings by name', () => {
    const { tree, names } = drawn(PROFILE);
    expect(treeText(tree, names)).toBe(
      text(`
        All 10
          nginx (101) 7
            main 7 (4)
              loop 3
                parse 1 (1)
                read 2 (2)
          sh (102) 3
            main 3
              fork 3 (3)
      `),
    );
  });

  it('can leave processes out: functions of the same module and name are one', () => {
    const { tree, names } = drawn('sh/a;f@libc.so 1\nnginx;f@libc.so 2', { grouping: 'none' });
    expect(treeText(tree, names)).toBe(text('All 3\n  f 3 (3)'));
  });

  it('can put threads between process and functions', () => {
    const { tree, names } = drawn('web/w2;f 1\nweb/w1;f 2', { grouping: 'thread' });
    expect(treeText(tree, names).replaceAll(/\((pid )?\d{3,}\)|thread \d+/g, '#')).toBe(
      text(`
        All 3
          web # 3
            w1 (#) 2
              f 2 (2)
            w2 (#) 1
              f 1 (1)
      `),
    );
  });

  it('hides functions by giving what they called to their callers', () => {
    const { functions } = drawn(PROFILE);
    const hidden = new Set([functions.name.indexOf('loop')]);
    const { tree, names } = drawn(PROFILE, { hidden });
    expect(treeText(tree, names)).toContain(
      text(`
        XX
            main 7 (4)
              parse 1 (1)
              read 2 (2)
      `).slice(3),
    );
  });

  it('merges direct recursion on request', () => {
    const { tree, names } = drawn('sh;a;a;a;b;a 2', { mergeRecursion: true });
    expect(treeText(tree, names)).toBe('All 2\n  sh (101) 2\n    a 2\n      b 2\n        a 2 (2)');
  });

  it('shows samples without frames as time of the process, and stacks not known yet as unknown', () => {
    const signals = signalsFromStacks('sh 2');
    const { tree, names } = drawn(
      signals.map((signal) =>
        signal.kind === 'window'
          ? {
              ...signal,
              rows: 2,
              columns: [Uint32Array.of(1, 1), Uint32Array.of(0, 0), Uint32Array.of(0, 99), Uint32Array.of(2, 5)],
            }
          : signal,
      ),
    );
    expect(treeText(tree, names)).toBe('All 7\n  sh (101) 7 (2)\n    [unknown] 5 (5)');
  });

  it('inverts: what ran below the root, callers above it, the process last', () => {
    const { tree, names, snapshot, functions } = drawn(PROFILE);
    expect(treeText(invertTree(tree, snapshot.tables, functions), names)).toBe(
      text(`
        All 10
          fork 3
            main 3
              sh (102) 3 (3)
          main 4
            nginx (101) 4 (4)
          parse 1
            loop 1
              main 1
                nginx (101) 1 (1)
          read 2
            loop 2
              main 2
                nginx (101) 2 (2)
      `),
    );
  });
});

describe('properties of every tree', () => {
  const variants = fc.record({
    grouping: fc.constantFrom('none' as const, 'process' as const, 'thread' as const),
    mergeRecursion: fc.boolean(),
    hidden: fc.constantFrom(new Set<number>(), new Set([1]), new Set([1, 2])),
  });

  it('self and children make up the total, and no sample is lost by grouping, hiding, merging or inverting', () => {
    fc.assert(
      fc.property(stacks, variants, (given, options) => {
        const { tree, tally, snapshot, functions } = drawn(signalsFromStacks(given), options);
        const all = given.reduce((sum, stack) => sum + (stack.samples ?? 0), 0);
        expect(tally.total).toBe(all);
        for (const each of [tree, invertTree(tree, snapshot.tables, functions)]) {
          expect(each.total[ROOT]).toBe(all);
          expectSound(each);
        }
      }),
    );
  });

  it('keeps the order of siblings whatever they weigh', () => {
    fc.assert(
      fc.property(
        stacks,
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 40, maxLength: 40 }),
        (given, weights) => {
          const heavier = given.map((stack, i) => ({ ...stack, samples: weights[i]! }));
          const shape = (each: typeof given) => {
            const { tree, names } = drawn(signalsFromStacks(each));
            return treeText(tree, names).replaceAll(/ \d+( \(\d+\))?$/gm, '');
          };
          expect(shape(heavier)).toBe(shape(given));
        },
      ),
    );
  });
});

/** Pre-order, ends, depths and sums fit together. */
function expectSound(tree: CallTree): void {
  const childSum = new Float64Array(tree.count);
  const widestEnd = Uint32Array.from({ length: tree.count }, (_, node) => node + 1);
  for (let node = tree.count - 1; node > ROOT; node--) {
    const parent = tree.parent[node]!;
    expect(parent).toBeLessThan(node);
    expect(tree.depth[node]).toBe(tree.depth[parent]! + 1);
    childSum[parent] = childSum[parent]! + tree.total[node]!;
    widestEnd[parent] = Math.max(widestEnd[parent]!, tree.end[node]!);
  }
  for (let node = 0; node < tree.count; node++) {
    expect(tree.total[node]).toBe(tree.self[node]! + childSum[node]!);
    expect(tree.end[node]).toBe(widestEnd[node]);
  }
}
