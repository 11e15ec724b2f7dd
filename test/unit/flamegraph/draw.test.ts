import { describe, expect, it } from 'vitest';
import { emptyBoxes, layOut, Matcher, matchTree, parseSearch, place } from '../../../renderer/derive/index.ts';
import { drawFrames, drawMarks, ROW_PX, type Scene } from '../../../renderer/views/flamegraph/draw.ts';
import { Inks } from '../../../renderer/views/flamegraph/inks.ts';
import { LabelFitter } from '../../../renderer/views/flamegraph/label-fitter.ts';
import { MATCH_INK } from '../../../renderer/views/flamegraph/palette.ts';
import { drawn } from '../derive/drawn.ts';
import { fakeContext } from './fake-context.ts';
import { themePalette } from './theme.ts';

const PROFILE = `
  sh;main;read_[k] 50
  sh;main;parse@libxml.so 30
  sh;main;tiny1 1
  sh;main;tiny2 1
  sh;main 18
`;

function sceneOf({ search = '', pixelRatio = 1, rootOnTop = true, zoomedRow = 0, from = 0, to = 1 } = {}): Scene {
  const given = drawn(PROFILE);
  const { tree, names, functions } = given;
  const matches = search ? matchTree(tree, new Matcher(parseSearch(search)!, names)) : null;
  const mask = matches?.mask ?? null;
  const request = { from, to, widthPx: 200, smallestPx: 3, firstRow: 0, lastRow: 9, mask };
  const boxes = layOut(tree, place(tree), request, emptyBoxes());
  const labels = new LabelFitter((text) => text.length * 7);
  labels.setNames(names);
  const isSearching = matches !== null;
  const ink = new Inks().choose(boxes, {
    tree,
    names,
    functions,
    dimmed: new Set(),
    isSearching,
    zoomedRow,
    changes: null,
  });
  const heightPx = 100;
  return {
    widthPx: 200,
    heightPx,
    pixelRatio,
    font: '12px sans',
    palette: themePalette('light'),
    boxes,
    ink,
    keyOf: (box) => tree.key[boxes.node[box]!]!,
    topOf: (row) => (rootOnTop ? row * ROW_PX : heightPx - (row + 1) * ROW_PX),
    label: (key, px) => labels.fit(key, px),
    signOf: null,
  };
}

function logOf(scene: Scene): string[] {
  const context = fakeContext();
  drawFrames(context, scene);
  return context.log;
}

describe('drawFrames', () => {
  it('draws boxes ink by ink, hatches tiny frames, then writes labels that fit', () => {
    expect(logOf(sceneOf())).toMatchSnapshot();
  });

  it('draws from the bottom up by nothing but other tops', () => {
    const places = (log: readonly string[]) => log.filter((line) => /^fill(Rect|Text)/.test(line));
    const [down, up] = [places(logOf(sceneOf())), places(logOf(sceneOf({ rootOnTop: false })))];
    expect(up.length).toBe(down.length);
    expect(up).toContain('fillRect 0 80 199 19');
    expect(down).toContain('fillRect 0 0 199 19');
  });

  it('keeps edges on device pixels and gaps one device pixel wide', () => {
    const log = logOf(sceneOf({ pixelRatio: 2, from: 0.013, to: 0.997 })).filter((line) => line.startsWith('fillRect'));
    for (const line of log) for (const number of line.split(' ').slice(1)) expect((Number(number) * 2) % 1).toBe(0);
    expect(log).toContain('fillRect 0 0 199.5 19.5');
  });

  it('fills what a search found with the accent, and fades the rest', () => {
    const { palette } = sceneOf();
    const colours = logOf(sceneOf({ search: 'read' })).filter((line) => line.startsWith('fillStyle'));
    const accent = `fillStyle = ${palette.fills[MATCH_INK]}`;
    expect(colours).toContain(accent);
    expect(logOf(sceneOf()).filter((line) => line === accent)).toEqual([]);
  });

  it('never writes outside a box', () => {
    for (const to of [1, 0.5, 0.3]) {
      const scene = sceneOf({ to });
      for (const line of logOf(scene).filter((each) => each.startsWith('fillText'))) {
        const [, text, x, y] = /^fillText (.*) (\S+) (\S+)$/.exec(line)!;
        const row = Math.floor(Number(y) / ROW_PX);
        const inside = [...Array(scene.boxes.count).keys()].some(
          (box) =>
            scene.boxes.row[box] === row &&
            Number(x) >= Math.max(0, scene.boxes.left[box]!) &&
            Number(x) + text!.length * 7 <= Math.min(200, scene.boxes.right[box]!),
        );
        expect([line, inside]).toEqual([line, true]);
      }
    }
  });
});

describe('drawMarks', () => {
  it('tints the hovered frame and its kin, and outlines what is selected', () => {
    const context = fakeContext();
    drawMarks(context, sceneOf(), { hovered: 2, selected: 3, hasFocus: true, kin: [2] });
    expect(context.log).toMatchSnapshot();
  });

  it('only clears where there is nothing to mark', () => {
    const context = fakeContext();
    drawMarks(context, sceneOf(), { hovered: -1, selected: -1, hasFocus: false, kin: [] });
    expect(context.log.filter((line) => /Rect/.test(line))).toEqual(['clearRect 0 0 200 100']);
  });
});
