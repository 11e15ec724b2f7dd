/** The real theme, read from its stylesheet: light first, dark as it overrides light. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ThemeColour } from '../../../renderer/theme/theme-reader.ts';
import { makePalette, type Palette } from '../../../renderer/views/flamegraph/palette.ts';

const TOKENS = readFileSync(path.resolve(import.meta.dirname, '../../../renderer/theme/tokens.css'), 'utf8');

function colours(css: string): Map<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name = '', value = '']) => [name, value]));
}

export function themeColour(scheme: 'light' | 'dark'): ThemeColour {
  const [light = '', dark = ''] = TOKENS.split('@media (prefers-color-scheme: dark)');
  const all = new Map([...colours(light), ...(scheme === 'dark' ? colours(dark) : [])]);
  return (name) => {
    const value = all.get(name);
    if (!value) throw new Error(`the theme has no ${name}`);
    return value;
  };
}

export function themePalette(scheme: 'light' | 'dark'): Palette {
  return makePalette(themeColour(scheme));
}
