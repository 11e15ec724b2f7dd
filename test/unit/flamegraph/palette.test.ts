import { describe, expect, it } from 'vitest';
import { contrast, mix, turnHue } from '../../../renderer/theme/colour.ts';
import {
  fadedInk,
  frameInk,
  INKS,
  MATCH_INK,
  PROCESS_INK,
  SHADES,
} from '../../../renderer/views/flamegraph/palette.ts';
import { themePalette } from './theme.ts';

describe.each(['light', 'dark'] as const)('palette of the %s theme', (scheme) => {
  const palette = themePalette(scheme);

  it('has a readable text on every ink', () => {
    expect(palette.fills.length).toBe(INKS);
    const poor = palette.fills
      .map((fill, ink) => ({ ink, fill, text: palette.texts[ink]!, contrast: contrast(fill, palette.texts[ink]!) }))
      .filter((each) => each.contrast < 4.5);
    expect(poor).toEqual([]);
  });

  it('fades towards the background', () => {
    for (let ink = 0; ink < MATCH_INK / 2; ink++) {
      const far = contrast(palette.fills[fadedInk(ink)]!, palette.background);
      expect(far).toBeLessThanOrEqual(contrast(palette.fills[ink]!, palette.background));
    }
    expect(fadedInk(MATCH_INK)).toBe(MATCH_INK);
  });
});

describe('inks of frames', () => {
  it('follow the kind and the name, and nothing else', () => {
    expect(frameInk('kernel', 'read')).toBe(frameInk('kernel', 'read'));
    expect(Math.floor(frameInk('library', 'read') / SHADES)).toBe(1);
    const shades = new Set(Array.from({ length: 200 }, (_, i) => frameInk('kernel', `f${i}`)));
    expect(shades.size).toBe(SHADES);
    expect(Math.max(...shades)).toBeLessThan(PROCESS_INK);
  });

  it('are mixed by plain arithmetic', () => {
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(turnHue('#ff0000', 120)).toBe('#00ff00');
    expect(contrast('#000000', '#ffffff')).toBe(21);
  });
});
