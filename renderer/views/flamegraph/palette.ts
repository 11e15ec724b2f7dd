import { FRAME_KINDS, type FrameKind } from '../../derive/index.ts';
import { mix, turnHue } from '../../theme/colour.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';

/**
 * An ink is a pair of colours, of a box and of the text in it. Boxes hold the number of their ink; drawing goes ink by
 * ink, because changing colours costs more than filling.
 *
 *   0 … 29    kinds × shades: a function's shade follows its name, so that neighbours differ and a function is the
 *             same everywhere and every day
 *   30 … 33   process, thread, root, tiny frames put together
 *   34 … 67   the same, faded
 *   68        found by the search
 */
export interface Palette {
  readonly fills: readonly string[];
  readonly texts: readonly string[];
  readonly background: string;
  readonly outline: string;
  readonly hover: string;
  readonly isDark: boolean;
}

export const SHADES = 6;
const PLAIN_INKS = FRAME_KINDS.length * SHADES + 4;
export const PROCESS_INK = FRAME_KINDS.length * SHADES;
export const THREAD_INK = PROCESS_INK + 1;
export const ROOT_INK = PROCESS_INK + 2;
export const TINY_INK = PROCESS_INK + 3;
export const MATCH_INK = PLAIN_INKS * 2;
export const INKS = MATCH_INK + 1;

export function frameInk(kind: FrameKind, name: string): number {
  return FRAME_KINDS.indexOf(kind) * SHADES + (hash(name) % SHADES);
}

export function fadedInk(ink: number): number {
  return ink < PLAIN_INKS ? ink + PLAIN_INKS : ink;
}

/** How shades of one kind differ: degrees of hue, share of white (> 0) or of the background (< 0). */
const SHADE_STEPS = [
  { turn: 0, lighten: 0 },
  { turn: 3, lighten: 0.1 },
  { turn: -4, lighten: 0.04 },
  { turn: 2, lighten: -0.07 },
  { turn: -2, lighten: 0.17 },
  { turn: 4, lighten: -0.03 },
] as const;
/** Faded frames keep this much of their own colour: enough to tell the kind, not enough to draw the eye. */
const FADED_SHARE = 0.24;

/** `colour`: a theme's custom property as #rrggbb. */
export function makePalette(colour: ThemeColour): Palette {
  const [background, text, textDim, raised, sunken] = [
    colour('--bg'),
    colour('--text'),
    colour('--text-dim'),
    colour('--bg-raised'),
    colour('--bg-sunken'),
  ];
  const isDark = mix(background, '#000000', 0) < '#808080';
  // Lighter in a light theme and darker in a dark one: away from the text, so that every shade is as readable.
  const away = isDark ? '#000000' : '#ffffff';
  const kinds = FRAME_KINDS.flatMap((kind) =>
    SHADE_STEPS.map(({ turn, lighten }) => ({
      fill: mix(turnHue(colour(`--frame-${kind}`), turn), lighten < 0 ? background : away, Math.abs(lighten)),
      text: colour(`--frame-${kind}-text`),
    })),
  );
  const border = colour('--border');
  const plain = [
    ...kinds,
    { fill: mix(raised, border, 0.55), text },
    { fill: mix(raised, border, 0.3), text },
    { fill: mix(sunken, border, 0.25), text },
    { fill: mix(background, textDim, 0.3), text },
  ];
  const faded = plain.map(({ fill }) => ({ fill: mix(background, fill, FADED_SHARE), text: textDim }));
  const inks = [...plain, ...faded, { fill: colour('--accent'), text: colour('--accent-text') }];
  return {
    fills: inks.map((ink) => ink.fill),
    texts: inks.map((ink) => ink.text),
    background,
    outline: text,
    hover: isDark ? 'rgb(255 255 255 / 0.16)' : 'rgb(0 0 0 / 0.1)',
    isDark,
  };
}

/** FNV-1a over the name. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) value = Math.imul(value ^ name.charCodeAt(at), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
