import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync('renderer/theme/tokens.css', 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
const SCHEMES = { light: colours(light), dark: colours(dark) } as const;
const FRAMES = ['kernel', 'library', 'application', 'interpreted', 'unknown'];

/** WCAG AA for text. */
const ENOUGH = 4.5;

function colours(part: string): ReadonlyMap<string, string> {
  return new Map(
    [...part.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(scheme: keyof typeof SCHEMES, text: string, surface: string): number {
  const [a = 0, b = 0] = [text, surface].map((name) => luminance(SCHEMES[scheme].get(name) ?? ''));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const PAIRS = [
  ...['--text', '--text-dim', '--accent', '--danger', '--warn', '--ok'].flatMap((text) =>
    ['--bg', '--bg-raised', '--bg-sunken'].map((surface) => [text, surface] as const),
  ),
  ['--accent-text', '--accent'] as const,
  ...FRAMES.map((frame) => [`--frame-${frame}-text`, `--frame-${frame}`] as const),
];

test.each(['light', 'dark'] as const)('%s: every text is readable on every surface it may lie on', (scheme) => {
  const poor = PAIRS.filter(([text, surface]) => !(contrast(scheme, text, surface) >= ENOUGH));
  expect(poor).toEqual([]);
});

test('light and dark name the same colours', () => {
  expect([...SCHEMES.dark.keys()].sort()).toEqual([...SCHEMES.light.keys()].sort());
});
