import { describe, expect, test } from 'vitest';
import { contrast, parseHex, type Rgb } from '../../../renderer/theme/colour.ts';
import { changeInk } from '../../../renderer/views/flamegraph/palette.ts';
import { themePalette } from './theme.ts';

const STEPS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
/** Two colours this far apart in Lab are told apart side by side without looking twice. */
const APART = 10;
const READABLE = 4.5;

/** Linear light, and what each kind of colour blindness leaves of it: G. Machado et al., 2009, severity 1. */
const VISIONS = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function seen(hex: string, matrix: readonly number[]): readonly [number, number, number] {
  const { r, g, b } = parseHex(hex);
  const linear = [r, g, b].map((value) =>
    value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const row = (at: number) =>
    Math.min(
      1,
      Math.max(
        0,
        linear.reduce((sum, value, i) => sum + value * (matrix[at * 3 + i] ?? 0), 0),
      ),
    );
  return [row(0), row(1), row(2)];
}

/** Linear sRGB → CIE Lab, D65. */
function lab([r, g, b]: readonly [number, number, number]): readonly [number, number, number] {
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

function apart(a: string, b: string, matrix: readonly number[]): number {
  const [p, q] = [lab(seen(a, matrix)), lab(seen(b, matrix))];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

describe.each(['light', 'dark'] as const)('colours of change, %s', (scheme) => {
  const { fills, texts } = themePalette(scheme);
  const fill = (step: number) => fills[changeInk(step)] ?? '';

  test.each(Object.entries(VISIONS))('less, same and more differ with %s vision', (_, matrix) => {
    for (const step of [1, 2, 3, 4]) {
      expect(apart(fill(step), fill(-step), matrix), `+${step} and −${step}`).toBeGreaterThan(APART);
      expect(apart(fill(step), fill(0), matrix), `+${step} and same`).toBeGreaterThan(APART * 0.6);
      expect(apart(fill(-step), fill(0), matrix), `−${step} and same`).toBeGreaterThan(APART * 0.6);
    }
  });

  test('each text is readable on its colour', () => {
    const poor = STEPS.filter((step) => contrast(texts[changeInk(step)] ?? '', fill(step)) < READABLE);
    expect(poor).toEqual([]);
  });

  test('every step has a colour of its own', () => {
    expect(new Set(STEPS.map(fill)).size).toBe(STEPS.length);
  });
});

test('the simulation knows colours it cannot tell apart', () => {
  // A red and a green that are the same to a deuteranope.
  const [red, green] = ['#c06030', '#8a7a2c'];
  expect(apart(red, green, VISIONS.usual)).toBeGreaterThan(2 * apart(red, green, VISIONS.deuteranopia));
  const grey: Rgb = parseHex('#808080');
  expect(grey).toEqual({ r: 128, g: 128, b: 128 });
});
