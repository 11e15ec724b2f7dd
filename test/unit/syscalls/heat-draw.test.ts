import { describe, expect, test } from 'vitest';
import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { HeatMap, TimeColumns } from '../../../renderer/derive/calls/index.ts';
import { contrast } from '../../../renderer/theme/colour.ts';
import { drawHeat, type HeatContext, heatInks, shadeOf } from '../../../renderer/views/syscalls/heat-draw.ts';
import { LEFT_PX, TOP_PX } from '../../../renderer/widgets/plot-axes.ts';
import { themeColour } from '../flamegraph/theme.ts';

const S = 1e9;
const SCHEMES = ['light', 'dark'] as const;

interface Rect {
  readonly fill: string;
  readonly alpha: number;
  readonly place: readonly [x: number, y: number, width: number, height: number];
}

/** Notes what is filled, and in which colour. */
class Canvas implements HeatContext {
  fillStyle: HeatContext['fillStyle'] = '';
  font = '';
  globalAlpha = 1;
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'top';
  readonly rects: Rect[] = [];
  readonly texts: string[] = [];

  fillRect(...place: Rect['place']): void {
    this.rects.push({ fill: String(this.fillStyle), alpha: this.globalAlpha, place });
  }

  fillText(text: string): void {
    this.texts.push(text);
  }

  setTransform(): void {
    // Nothing is drawn for real.
  }
}

/** Two columns of a second; calls by `column:bucket`. */
function heat(calls: Readonly<Record<string, number>>): HeatMap {
  const grid = new Float64Array(2 * LATENCY_BUCKETS);
  for (const [place, count] of Object.entries(calls)) {
    const [column = 0, bucket = 0] = place.split(':').map(Number);
    grid[column * LATENCY_BUCKETS + bucket] = count;
  }
  const columns = {
    count: 2,
    fromNs: Float64Array.of(0, S),
    toNs: Float64Array.of(S, 2 * S),
    seconds: Float64Array.of(1, 1),
  } as TimeColumns;
  const counts = Object.values(calls);
  return {
    columns,
    calls: grid,
    buckets: null,
    leastRate: Math.min(...counts),
    mostRate: Math.max(...counts),
  };
}

function drawn(map: HeatMap, band: Parameters<typeof drawHeat>[1]['band'] = null): Canvas {
  const canvas = new Canvas();
  drawHeat(canvas, {
    heat: map,
    frame: { widthPx: 200, heightPx: 80, range: { fromNs: 0, toNs: 2 * S }, lowest: 8, highest: 15 },
    band,
    inks: heatInks(themeColour('light')),
    family: 'serif',
    pixelRatio: 1,
    times: [{ atNs: S, text: '12:00:01' }],
  });
  return canvas;
}

describe('drawing', () => {
  const { ramp } = heatInks(themeColour('light'));
  const cellsOf = ({ rects }: Canvas) => rects.filter(({ fill }) => ramp.includes(fill));

  test('a cell for each count, in its place: later to the right, slower above', () => {
    const cells = cellsOf(drawn(heat({ '0:8': 1, '1:15': 1000 })));
    expect(cells.map(({ place }) => place)).toEqual([
      [LEFT_PX, TOP_PX + 70, 99, 9],
      [LEFT_PX + 100, TOP_PX, 99, 9],
    ]);
    expect(cells.map(({ fill }) => fill)).toEqual([ramp[0], ramp.at(-1)]);
  });

  test('what lies outside the band fades', () => {
    const cells = cellsOf(drawn(heat({ '0:8': 1, '0:12': 5, '1:15': 9 }), { from: 10, to: 13 }));
    expect(cells.map(({ alpha }) => alpha === 1)).toEqual([false, true, false]);
  });

  test('axes say real edges and times', () => {
    expect(drawn(heat({ '0:8': 1 })).texts).toEqual(['256 ns', '1.02 µs', '4.1 µs', '16.4 µs', '65.5 µs', '12:00:01']);
  });
});

test('shades rise with the rate, from the least to the most', () => {
  const range = { leastRate: 1, mostRate: 10_000 };
  const shades = [1, 10, 100, 1000, 10_000].map((rate) => shadeOf(rate, range));
  expect(shades[0]).toBe(0);
  expect(shades.at(-1)).toBe(heatInks(themeColour('dark')).ramp.length - 1);
  expect(shades).toEqual([...shades].sort((a, b) => a - b));
  expect(shadeOf(5, { leastRate: 5, mostRate: 5 })).toBe(shades.at(-1));
});

test.each(SCHEMES)('%s: shades differ by lightness alone, from next to the background to far from it', (scheme) => {
  const { ramp, background } = heatInks(themeColour(scheme));
  const away = ramp.map((shade) => contrast(shade, background));
  expect(away).toEqual([...away].sort((a, b) => a - b));
  expect(away[0]).toBeGreaterThan(1.2);
  expect(away.at(-1)).toBeGreaterThan(10);
});
