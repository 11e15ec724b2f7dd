import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import {
  type Boxes,
  between,
  boxAt,
  boxOfNode,
  callTree,
  emptyBoxes,
  layOut,
  PLAIN_TREE,
  place,
  placementBefore,
  tallyRows,
  type WindowSpan,
} from '../../../renderer/derive/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { stacks } from './arbitrary.ts';
import { type Drawn, drawn, nodeNamed, text } from './drawn.ts';

const WHOLE = { from: 0, to: 1, widthPx: 40, smallestPx: 2, firstRow: 0, lastRow: 99, mask: null };

/** One character per pixel: each box `[name···]`, as much of the name as fits. */
function picture({ names, tree }: Drawn, boxes: Boxes, widthPx: number): string {
  const rows: string[][] = [];
  for (let box = 0; box < boxes.count; box++) {
    const row = (rows[boxes.row[box]!] ??= Array<string>(widthPx).fill(' '));
    const left = Math.max(0, Math.round(boxes.left[box]!));
    const right = Math.min(widthPx, Math.round(boxes.right[box]!));
    const label = boxes.frames[box]! > 1 ? `×${boxes.frames[box]}` : names.name(tree.key[boxes.node[box]!]!);
    for (let x = left; x < right; x++) row[x] = x === right - 1 ? ']' : x === left ? '[' : (label[x - left - 1] ?? '·');
  }
  return rows.map((row) => row.join('').trimEnd()).join('\n');
}

function lay(given: Drawn, request: Partial<typeof WHOLE> = {}): Boxes {
  return layOut(given.tree, place(given.tree), { ...WHOLE, ...request }, emptyBoxes(2));
}

describe('layOut', () => {
  const profile = drawn('sh;main;loop;read 20\nsh;main;loop;parse 10\nsh;main;idle 8\nsh;main;a1 1\nsh;main;a2 1');

  it('lays children from the left edge of their parent on, and puts tiny neighbours together', () => {
    expect(picture(profile, lay(profile), 40)).toBe(
      text(`
        [All···································]
        [sh (101)······························]
        [main··································]
        [][idle··][loop························]
                  [parse···][read··············]
      `),
    );
    expect(picture(profile, lay(profile, { widthPx: 20, smallestPx: 3 }), 20)).toContain('][id][loop');
  });

  it('shows a part of the width, and only the rows asked for', () => {
    expect(picture(profile, lay(profile, { from: 0.25, to: 0.75, firstRow: 3, lastRow: 3 }), 40).trimStart()).toBe(
      '[loop··································]',
    );
  });

  it('finds what lies at a place, and where a node is drawn', () => {
    const boxes = lay(profile);
    expect(profile.names.name(profile.tree.key[boxes.node[boxAt(boxes, 4, 15)]!]!)).toBe('parse');
    expect(boxAt(boxes, 4, 5)).toBe(-1);
    const tiny = boxOfNode(boxes, profile.tree, nodeNamed(profile, 'a2'));
    expect([boxes.frames[tiny], boxes.share[tiny]]).toEqual([2, 2 / 40]);
    expect(boxOfNode(boxes, profile.tree, nodeNamed(profile, 'idle'))).toBe(boxAt(boxes, 3, 5));
  });

  const request = fc.record({
    span: fc.tuple(fc.double({ min: 0, max: 0.49, noNaN: true }), fc.double({ min: 0.51, max: 1, noNaN: true })),
    widthPx: fc.integer({ min: 1, max: 500 }),
    smallestPx: fc.double({ min: 0.5, max: 20, noNaN: true }),
  });

  it('never overlaps, keeps frames in their parents, and counts every visible node once', () => {
    fc.assert(
      fc.property(stacks, request, (given, { span: [from, to], widthPx, smallestPx }) => {
        const each = drawn(signalsFromStacks(given));
        const boxes = lay(each, { from, to, widthPx, smallestPx });
        expectNoOverlap(boxes);
        let frames = 0;
        for (let box = 0; box < boxes.count; box++) {
          expect(each.tree.depth[boxes.node[box]!]).toBe(boxes.row[box]);
          frames += boxes.frames[box]!;
        }
        const { start, width } = place(each.tree);
        const visible = each.tree.key.filter((_, node) => start[node]! + width[node]! > from && start[node]! < to);
        expect(frames).toBe(visible.length);
      }),
    );
  });
});

describe('a change on its way', () => {
  /** The trees of two ranges of one session, as a live view sees them one after the other. */
  function twoRanges(given: string | readonly Signal[], [oldSpan, newSpan]: readonly [WindowSpan, WindowSpan]) {
    const { snapshot, functions, names } = drawn(given);
    const treeOf = (span: WindowSpan) =>
      callTree(tallyRows(snapshot.samples, span), snapshot.tables, functions, PLAIN_TREE);
    const [old, tree] = [treeOf(oldSpan), treeOf(newSpan)];
    return { tree, names, before: placementBefore(tree, { tree: old, placement: place(old) }, functions.rank) };
  }

  it('starts exactly where the old picture was, for frames that were there', () => {
    const both = twoRanges('sh;main;a 1\nsh;main;c 1\nsh;main;b 1 @1\nsh;main;c 1 @1', [
      { first: 0, end: 1 },
      { first: 0, end: 2 },
    ]);
    const at = (name: string) => {
      const node = nodeNamed(both, name);
      return [both.before.start[node], both.before.width[node]];
    };
    expect([at('a'), at('b'), at('c')]).toEqual([
      [0, 0.5],
      [0.5, 0],
      [0.5, 0.5],
    ]);
  });

  it('never overlaps on the way either', () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 }))
      .map(([first, count]) => ({ first, end: Math.min(6, first + count) }));
    fc.assert(
      fc.property(stacks, span, span, fc.double({ min: 0, max: 1, noNaN: true }), (given, from, to, progress) => {
        const { tree, before } = twoRanges(signalsFromStacks(given, { seconds: 6 }), [from, to]);
        const middle = { start: new Float64Array(tree.count), width: new Float64Array(tree.count) };
        between(before, place(tree), progress, middle);
        expectNoOverlap(layOut(tree, middle, { ...WHOLE, smallestPx: 0 }, emptyBoxes()));
      }),
    );
  });
});

function expectNoOverlap(boxes: Boxes): void {
  const edges: number[] = [];
  for (let box = 0; box < boxes.count; box++) {
    const row = boxes.row[box]!;
    expect(boxes.left[box]).toBeGreaterThanOrEqual((edges[row] ?? Number.NEGATIVE_INFINITY) - 1e-6);
    expect(boxes.right[box]).toBeGreaterThanOrEqual(boxes.left[box]!);
    edges[row] = boxes.right[box]!;
  }
}
