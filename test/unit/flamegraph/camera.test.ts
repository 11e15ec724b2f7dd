import { describe, expect, it } from 'vitest';
import {
  callTree,
  PLAIN_TREE,
  ROOT,
  type Span,
  spanOf,
  tallyRows,
  type WindowSpan,
} from '../../../renderer/derive/index.ts';
import { Camera } from '../../../renderer/views/flamegraph/camera.ts';
import { MOTION_MS } from '../../../renderer/views/flamegraph/motion.ts';
import { drawn, nodeNamed } from '../derive/drawn.ts';

/** Second 0: a and b; second 1: a grows; second 2: only b. */
const SESSION = drawn('sh;main;a;leaf 2\nsh;main;b 2\nsh;main;a;leaf 6 @1\nsh;main;b 2 @1\nsh;main;b 5 @2');
const MIDDLE = MOTION_MS / 2;

function treeOf(span: WindowSpan) {
  const tree = callTree(
    tallyRows(SESSION.snapshot.samples, span),
    SESSION.snapshot.tables,
    SESSION.functions,
    PLAIN_TREE,
  );
  return { tree, node: (name: string) => nodeNamed({ tree, names: SESSION.names }, name) };
}
const FIRST = treeOf({ first: 0, end: 1 });
const GROWN = treeOf({ first: 0, end: 2 });
const WITHOUT_A = treeOf({ first: 2, end: 3 });

function cameraOn(shown: typeof FIRST): Camera {
  const camera = new Camera();
  camera.show(shown.tree, SESSION.functions, 0, true);
  return camera;
}

const rounded = ({ from, to }: Span) => [from, to].map((value) => Math.round(value * 1000) / 1000);

describe('Camera', () => {
  it('begins with everything', () => {
    const camera = cameraOn(FIRST);
    expect([rounded(camera.spanAt(0)), camera.zoomedNode(), camera.isMoving(0)]).toEqual([[0, 1], ROOT, false]);
  });

  it('travels to a frame and is there after a moment', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(FIRST.node('b'), 0, 1000, false);
    expect(rounded(camera.spanAt(1000))).toEqual([0, 1]);
    const half = camera.spanAt(1000 + MIDDLE);
    expect(half.from > 0 && half.from < 0.5).toBe(true);
    expect(rounded(camera.spanAt(1000 + MOTION_MS))).toEqual([0.5, 1]);
    expect(camera.zoomedNode()).toBe(FIRST.node('b'));
  });

  it('goes at once for those who want no motion', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(FIRST.node('a'), 0, 1000, true);
    expect([rounded(camera.spanAt(1000)), camera.isMoving(1000)]).toEqual([[0, 0.5], false]);
  });

  it('stays on its frame through every step of a live update', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(FIRST.node('a'), 0, 0, true);
    camera.show(GROWN.tree, SESSION.functions, 1000, false);
    for (let now = 1000; now <= 1000 + MOTION_MS; now += 10) {
      const placement = camera.placementAt(now)!;
      expect(rounded(camera.spanAt(now))).toEqual(rounded(spanOf(placement, GROWN.node('a'))));
    }
    expect(rounded(camera.spanAt(2000))).toEqual([0, 8 / 12].map((value) => Math.round(value * 1000) / 1000));
  });

  it('widens frames softly, from where they were', () => {
    const camera = cameraOn(FIRST);
    camera.show(GROWN.tree, SESSION.functions, 1000, false);
    const widthOfA = (now: number) => camera.placementAt(now)!.width[GROWN.node('a')]!;
    const widths = [1000, 1000 + MIDDLE, 1000 + MOTION_MS].map(widthOfA);
    expect(widths[0]).toBe(0.5);
    expect(widths[1]! > 0.5 && widths[1]! < 8 / 12).toBe(true);
    expect(widths[2]).toBe(8 / 12);
  });

  it('waits at the nearest caller while its frame has no samples, and returns when it has', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(FIRST.node('leaf'), 0, 0, true);
    camera.show(WITHOUT_A.tree, SESSION.functions, 1000, true);
    expect(camera.zoomedNode()).toBe(WITHOUT_A.node('main'));
    expect(camera.wantedPath.length).toBe(4);
    camera.show(GROWN.tree, SESSION.functions, 2000, true);
    expect(camera.zoomedNode()).toBe(GROWN.node('leaf'));
  });

  it('keeps a free place relative to the frame around it', () => {
    const camera = cameraOn(FIRST);
    camera.slideTo({ from: 0.1, to: 0.3 }, 0, 0, true);
    camera.show(GROWN.tree, SESSION.functions, 1000, true);
    expect(rounded(camera.spanAt(1000))).toEqual([0.133, 0.4]);
  });

  it('goes back step by step, one step for a whole gesture', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(FIRST.node('a'), 40, 0, true);
    camera.slideTo({ from: 0.1, to: 0.3 }, 60, 0, true);
    camera.slideTo({ from: 0.12, to: 0.3 }, 60, 0, false);
    expect(camera.back(0, true)).toBe(60);
    expect(rounded(camera.spanAt(0))).toEqual([0, 0.5]);
    expect(camera.back(0, true)).toBe(40);
    expect(rounded(camera.spanAt(0))).toEqual([0, 1]);
    expect([camera.back(0, true), camera.canGoBack]).toEqual([null, false]);
  });

  it('remembers no step that changed nothing', () => {
    const camera = cameraOn(FIRST);
    camera.zoomTo(ROOT, 0, 0, true);
    camera.slideTo({ from: 0, to: 1 }, 0, 0, true);
    expect(camera.canGoBack).toBe(false);
  });
});
