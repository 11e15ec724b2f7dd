import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { domainOf, isLive, zoomTo } from '../../../renderer/views/axis/domain.ts';
import type { AxisTime } from '../../../renderer/views/axis/domain.ts';
import { around, lengthOf, panned, shareAt, zoomed } from '../../../renderer/views/axis/stretch.ts';
import { axisKey } from '../../../renderer/views/axis/keys.ts';
import { stepNs } from '../../../renderer/views/axis/step.ts';
import { wheelStep } from '../../../renderer/views/axis/wheel.ts';
import { timeTicks } from '../../../renderer/widgets/time-ticks.ts';
import { S } from './series.ts';

const BOUNDS = { fromNs: 0, toNs: 1000 * S };
const time = (part: Partial<AxisTime> = {}): AxisTime => ({
  extent: { firstNs: 0, lastNs: 1000 * S },
  held: null,
  following: { kind: 'last', seconds: 60 },
  grows: true,
  ...part,
});

describe('zoom and pan', () => {
  const stretches = fc
    .tuple(fc.integer({ min: 0, max: 990 }), fc.integer({ min: 2, max: 1000 }))
    .map(([from, length]) => ({ fromNs: from * S, toNs: Math.min(1000, from + length) * S }));

  test('whatever is done, the picture stays within the data and is at least two seconds long', () => {
    fc.assert(
      fc.property(
        stretches,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (domain, factor, at) => {
          for (const next of [
            zoomed(domain, factor, domain.fromNs + at * lengthOf(domain), BOUNDS),
            panned(domain, factor - at * 50, BOUNDS),
            around(domain, BOUNDS),
          ]) {
            expect(next.fromNs).toBeGreaterThanOrEqual(-1);
            expect(next.toNs).toBeLessThanOrEqual(BOUNDS.toNs + 1);
            expect(lengthOf(next)).toBeGreaterThanOrEqual(2 * S - 1);
          }
        },
      ),
    );
  });

  test('what is under the pointer stays there', () => {
    const before = { fromNs: 400 * S, toNs: 600 * S };
    const after = zoomed(before, 0.5, 450 * S, BOUNDS);
    expect(lengthOf(after)).toBe(100 * S);
    expect(shareAt(after, 450 * S)).toBeCloseTo(shareAt(before, 450 * S));
  });

  test.each([
    ['a notch away', { deltaY: 100 }, 1.246],
    ['a notch nearer', { deltaY: -100 }, 0.803],
    ['a pinch', { deltaY: -10, ctrlKey: true }, 0.905],
    ['lines', { deltaY: 3, deltaMode: 1 }, 1.126],
  ])('wheel: %s', (_, wheel, factor) => {
    const domain = { fromNs: 400 * S, toNs: 600 * S };
    const still = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ctrlKey: false };
    const next = wheelStep({ ...still, ...wheel }, domain, 500 * S, 1000, BOUNDS);
    expect(lengthOf(next ?? domain) / lengthOf(domain)).toBeCloseTo(factor, 2);
  });

  test.each([
    ['sideways', { deltaX: 100 }],
    ['with Shift', { deltaY: 100, shiftKey: true }],
    ['with Shift, as some systems send it', { deltaX: 100, shiftKey: true }],
  ])('wheel %s pans', (_, wheel) => {
    const domain = { fromNs: 400 * S, toNs: 600 * S };
    const still = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ctrlKey: false };
    expect(wheelStep({ ...still, ...wheel }, domain, 500 * S, 1000, BOUNDS)).toEqual({
      fromNs: 420 * S,
      toNs: 620 * S,
    });
  });

  test('keys', () => {
    const shown: { fromNs: number; toNs: number }[] = [];
    const verbs = {
      domain: { fromNs: 400 * S, toNs: 600 * S },
      bounds: BOUNDS,
      onDomain: (next: { fromNs: number; toNs: number }) => void shown.push(next),
      onClear: () => {},
      onWhole: () => {},
    };
    const press = (key: string, more = {}) =>
      axisKey({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more }, verbs)?.();
    press('ArrowLeft');
    press('ArrowRight', { shiftKey: true });
    press('+');
    press('End');
    press('x');
    press('ArrowLeft', { ctrlKey: true });
    expect(shown.map(({ fromNs, toNs }) => [fromNs / S, toNs / S])).toEqual([
      [380, 580],
      [500, 700],
      [440, 560],
      [800, 1000],
    ]);
  });
});

describe('which part is shown', () => {
  test('live: what is followed, with what came before it', () => {
    expect(domainOf(time({ following: { kind: 'last', seconds: 10 } }), null)).toEqual({
      fromNs: 880 * S,
      toNs: 1000 * S,
    });
    expect(domainOf(time({ following: { kind: 'last', seconds: 300 } }), null)).toEqual({
      fromNs: 100 * S,
      toNs: 1000 * S,
    });
    expect(domainOf(time({ following: { kind: 'all' } }), null)).toEqual(BOUNDS);
  });

  test('a young session is drawn on half a minute', () => {
    const extent = { firstNs: 100 * S, lastNs: 103 * S };
    expect(domainOf(time({ extent }), null)).toEqual({ fromNs: 73 * S, toNs: 103 * S });
  });

  test('what is over is shown whole', () => {
    expect(domainOf(time({ grows: false }), null)).toEqual(BOUNDS);
  });

  test('a fixed selection holds the picture while data comes in', () => {
    const held = { firstNs: 0, lastNs: 700 * S };
    expect(domainOf(time({ held }), null).toNs).toBe(700 * S);
    expect(domainOf(time({ held }), { lengthNs: 50 * S, toNs: null })).toEqual({ fromNs: 650 * S, toNs: 700 * S });
  });

  test('zoomed up to the newest data goes on with it; zoomed elsewhere stands still', () => {
    const near = zoomTo({ fromNs: 900 * S, toNs: 1000 * S }, time());
    const far = zoomTo({ fromNs: 300 * S, toNs: 400 * S }, time());
    const later = time({ extent: { firstNs: 0, lastNs: 1050 * S } });
    expect(domainOf(later, near)).toEqual({ fromNs: 950 * S, toNs: 1050 * S });
    expect(domainOf(later, far)).toEqual({ fromNs: 300 * S, toNs: 400 * S });
    expect([isLive(near, { kind: 'all' }), isLive(far, { kind: 'all' }), isLive(null, { kind: 'all' })]).toEqual([
      true,
      false,
      true,
    ]);
    expect(isLive(null, { kind: 'between', fromNs: 0, toNs: 1 })).toBe(false);
  });

  test('zoomed out to all of a recording is no zoom; of a live session it goes on', () => {
    expect(zoomTo(BOUNDS, time({ grows: false }))).toBeNull();
    const all = zoomTo(BOUNDS, time());
    expect(domainOf(time({ extent: { firstNs: 0, lastNs: 2000 * S } }), all)).toEqual({ fromNs: 0, toNs: 2000 * S });
  });
});

describe('marks of the scale', () => {
  test('ticks are round in wall time', () => {
    const wallOffsetMs = 7_300;
    for (const ns of timeTicks({ fromNs: 1000 * S, toNs: 1120 * S }, wallOffsetMs))
      expect((ns / 1e6 + wallOffsetMs) % 15_000).toBeCloseTo(0, 3);
  });

  test.each([1, 7, 30, 119, 300, 3600, 7200, 86_400, 900_000])('%d s get at most nine ticks', (seconds) => {
    expect(timeTicks({ fromNs: 0, toNs: seconds * S }, null).length).toBeLessThanOrEqual(seconds > 700_000 ? 12 : 9);
  });

  test.each([
    [30, 1],
    [240, 1],
    [900, 5],
    [86_400, 300],
  ])('in %d s an arrow key moves an edge by %d s', (seconds, step) => {
    expect(stepNs({ fromNs: 0, toNs: seconds * S })).toBe(step * S);
  });
});
