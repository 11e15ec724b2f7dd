import { describe, expect, it, test } from 'vitest';
import { type SecondsGrid, SLOT } from '../../../renderer/derive/subsecond/index.ts';
import { contrast } from '../../../renderer/theme/colour.ts';
import { HEAT_SHADES } from '../../../renderer/theme/heat-ramp.ts';
import { drawSeconds, secondsInks, shadeOf } from '../../../renderer/views/subsecond/draw.ts';
import { whyEmpty } from '../../../renderer/views/subsecond/emptiness.ts';
import { placeAt, rangeBetween, rectanglesOf, type SecondsFrame } from '../../../renderer/views/subsecond/frame.ts';
import { keyStep } from '../../../renderer/views/subsecond/keys.ts';
import { shownSeconds, turned } from '../../../renderer/views/subsecond/shown-seconds.ts';
import { LEFT_PX, type PlotContext, TOP_PX } from '../../../renderer/widgets/plot-axes.ts';
import { themeColour } from '../flamegraph/theme.ts';

const S = 1e9;
const MS = 1e6;
/** Ten seconds from 100 on, ten pixels wide and a hundred high each; slots of 100 ms. */
const FRAME: SecondsFrame = { widthPx: 100, heightPx: 100, seconds: { first: 100, count: 10 }, slotNs: 100 * MS };

describe('places', () => {
  it.each([
    ['lower left', 0, 99.9, 100, 0],
    ['upper left', 0, 0, 100, 9],
    ['in the middle', 55, 45, 105, 5],
    ['outside to the right and below', 500, 500, 109, 0],
    ['outside to the left and above', -5, -5, 100, 9],
  ])('%s', (_where, x, y, second, slot) => {
    expect(placeAt(FRAME, x, y)).toEqual({ second, slot });
  });

  it('from one slot to another is a range with both, whichever was first', () => {
    const [a, b] = [
      { second: 101, slot: 7 },
      { second: 103, slot: 2 },
    ];
    const range = { fromNs: 101.7 * S, toNs: 103.3 * S };
    expect([rangeBetween(a, b, FRAME.slotNs), rangeBetween(b, a, FRAME.slotNs)]).toEqual([range, range]);
    expect(rangeBetween(a, { second: 101, slot: 3 }, FRAME.slotNs)).toEqual({ fromNs: 101.3 * S, toNs: 101.8 * S });
    expect(rangeBetween({ second: 5, slot: 3 }, { second: 5, slot: 3 }, 300 * MS)).toEqual({
      fromNs: 5.9 * S,
      toNs: 6 * S,
    });
  });

  const boxes = (fromS: number, toS: number) =>
    rectanglesOf(FRAME, { fromNs: fromS * S, toNs: toS * S }).map(({ left, top, width, height }) =>
      [left, top, width, height].map(Math.round),
    );

  it('of a range are the rest of its first second, whole seconds, and the beginning of its last', () => {
    expect(boxes(101.3, 101.8)).toEqual([[10, 20, 10, 50]]);
    expect(boxes(101.7, 104.2)).toEqual([
      [10, 0, 10, 30],
      [20, 0, 20, 100],
      [40, 80, 10, 20],
    ]);
    expect(boxes(101, 102)).toEqual([[10, 0, 10, 100]]);
    expect(boxes(101.5, 103)).toEqual([
      [10, 0, 10, 50],
      [20, 0, 10, 100],
    ]);
  });

  it('of a range that reaches out of the picture end with it', () => {
    expect(boxes(90, 100.5)).toEqual([[0, 50, 10, 50]]);
    expect(boxes(109.5, 300)).toEqual([[90, 0, 10, 50]]);
    expect(boxes(20, 30)).toEqual([]);
  });
});

describe('keys', () => {
  const from = { second: 105, slot: 5 };

  it.each([
    ['ArrowLeft', { second: 104, slot: 5 }],
    ['ArrowRight', { second: 106, slot: 5 }],
    ['ArrowUp', { second: 105, slot: 6 }],
    ['ArrowDown', { second: 105, slot: 4 }],
    ['PageUp', { second: 105, slot: 9 }],
    ['PageDown', { second: 105, slot: 0 }],
    ['Home', { second: 100, slot: 5 }],
    ['End', { second: 109, slot: 5 }],
    ['x', null],
  ])('%s', (key, to) => {
    expect(keyStep(key, from, FRAME, 109)).toEqual(to);
  });

  it('begin where something happened last', () => {
    expect(keyStep('ArrowUp', null, FRAME, 103)).toEqual({ second: 103, slot: 5 });
    expect(keyStep('ArrowUp', null, FRAME, 90)).toEqual({ second: 100, slot: 5 });
  });
});

describe('the seconds shown', () => {
  const ask = { extent: { fromNs: 1000.4 * S, toNs: 1600.2 * S }, most: 300, isFixed: false };
  const shown = (fromS: number, toS: number, more: object = {}) =>
    shownSeconds({ ...ask, range: { fromNs: fromS * S, toNs: toS * S }, ...more });

  it('end with what follows the newest data, as many as there is room for', () => {
    expect(shown(1540.2, 1600.2)).toEqual({ first: 1540, count: 61 });
    expect(shown(1000.4, 1600.2)).toEqual({ first: 1301, count: 300 });
    expect(shown(1590.2, 1600.2)).toEqual({ first: 1581, count: 20 });
  });

  it('are around a range that stands still', () => {
    expect(shown(1200.1, 1200.3, { isFixed: true })).toEqual({ first: 1191, count: 20 });
    expect(shown(1000.4, 1000.6, { isFixed: true })).toEqual({ first: 1000, count: 20 });
    expect(shown(1100, 1600, { isFixed: true })).toEqual({ first: 1100, count: 300 });
  });

  it('begin with the first there is while there are few', () => {
    const extent = { fromNs: 1000.4 * S, toNs: 1003 * S };
    expect(shown(1000.4, 1003, { extent })).toEqual({ first: 1000, count: 20 });
  });

  it('can be turned as far as there is something', () => {
    const last = { first: 1541, count: 60 };
    expect(turned(last, -1, ask.extent)).toEqual({ first: 1493, count: 60 });
    expect(turned(last, 1, ask.extent)).toEqual(last);
    expect(turned({ first: 1010, count: 60 }, -1, ask.extent)).toEqual({ first: 1000, count: 60 });
  });
});

interface Rect {
  readonly fill: string;
  readonly place: readonly [x: number, y: number, width: number, height: number];
}

/** Notes what is filled, and in which colour. */
class Canvas implements PlotContext {
  fillStyle: PlotContext['fillStyle'] = '';
  font = '';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'top';
  readonly rects: Rect[] = [];
  readonly texts: string[] = [];

  fillRect(...place: Rect['place']): void {
    this.rects.push({ fill: String(this.fillStyle), place });
  }

  fillText(text: string): void {
    this.texts.push(text);
  }

  setTransform(): void {
    // Nothing is drawn for real.
  }
}

describe.each(['light', 'dark'] as const)('the picture, %s', (scheme) => {
  const inks = secondsInks(themeColour(scheme));
  const drawn = (cells: Readonly<Record<number, readonly [samples: number, state: number]>>): Canvas => {
    const samples = new Float64Array(100);
    const state = new Uint8Array(100).fill(SLOT.watched);
    for (const [cell, [count, known]] of Object.entries(cells))
      [samples[Number(cell)], state[Number(cell)]] = [count, known];
    const grid: SecondsGrid = {
      ...FRAME,
      slots: 10,
      samples,
      state,
      most: Math.max(...samples),
      placed: 1,
      unplaced: 0,
    };
    const canvas = new Canvas();
    drawSeconds(canvas, {
      grid,
      frame: FRAME,
      inks,
      family: 'x',
      pixelRatio: 1,
      times: [{ atNs: 105 * S, text: 'noon' }],
    });
    return canvas;
  };
  const filled = (canvas: Canvas, inkOf: readonly string[]) =>
    canvas.rects
      .filter(({ fill }) => inkOf.includes(fill))
      .map(({ place: [x, y, ...size] }) => [x - LEFT_PX, y - TOP_PX, ...size]);

  test('has a box where samples were taken, none where none were', () => {
    const canvas = drawn({ 12: [3, SLOT.watched] });
    expect(filled(canvas, inks.ramp)).toEqual([[10, 70, 9, 9]]);
    expect(canvas.texts).toEqual(['0 ms', '200 ms', '400 ms', '600 ms', '800 ms', '1000 ms', 'noon']);
  });

  test('has an unbroken patch where nobody watched, and stripes where only the average is known', () => {
    const canvas = drawn({ 20: [0, SLOT.unwatched], 30: [0.4, SLOT.averaged], 41: [9, SLOT.watched] });
    expect(filled(canvas, [inks.gap])).toEqual([[20, 90, 10, 10]]);
    expect(filled(canvas, inks.ramp.slice(0, 1))).toEqual([
      [30, 92, 9, 2],
      [30, 96, 9, 2],
    ]);
  });

  test('goes from one to the fullest slot by lightness, and each is seen on the background', () => {
    expect([shadeOf(1, 9), shadeOf(9, 9), shadeOf(1, 1)]).toEqual([0, HEAT_SHADES - 1, HEAT_SHADES - 1]);
    const contrasts = inks.ramp.map((ink) => contrast(ink, inks.background));
    expect(contrasts.every((each, i) => i === 0 || each > contrasts[i - 1]!)).toBe(true);
    expect(contrasts[0]).toBeGreaterThan(1.15);
  });
});

test.each([
  ['a picture', { placed: 1, unplaced: 5 }, {}, null],
  ['an idle box', { placed: 0, unplaced: 0 }, {}, 'No samples in the seconds shown'],
  ['a filter', { placed: 0, unplaced: 0 }, { isFiltered: true }, 'No samples of these in the seconds shown'],
  ['switched off', { placed: 0, unplaced: 5 }, { isOff: true }, 'Samples are not told apart within a second'],
  ['a slow link', { placed: 0, unplaced: 5 }, { live: true }, 'Only whole windows came so far'],
  [
    'an old recording',
    { placed: 0, unplaced: 5 },
    {},
    'This part does not say when within a second samples were taken',
  ],
])('what stands in its place: %s', (_what, grid, more, title) => {
  const emptiness = whyEmpty({ grid, live: false, isOff: false, isFiltered: false, ...more });
  expect(emptiness?.title ?? null).toBe(title);
});
