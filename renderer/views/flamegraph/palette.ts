import { FRAME_KINDS, type FrameKind } from '../../derive/index.ts';
import { RATIO_STEPS } from '../../../remote-agent/protocol/statistics/index.ts';
import { contrast, mix, turnHue } from '../../theme/colour.ts';
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
 *   69 … 77   changes, from far less to far more, about the same in the middle
 *   78 … 86   the same, faded
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
/** In either direction: as many as RATIO_STEPS has. */
const CHANGE_STEPS = RATIO_STEPS.length;
const CHANGE_INKS = 2 * CHANGE_STEPS + 1;
const FIRST_CHANGE_INK = MATCH_INK + 1;
export const INKS = FIRST_CHANGE_INK + 2 * CHANGE_INKS;

export function frameInk(kind: FrameKind, name: string): number {
  return FRAME_KINDS.indexOf(kind) * SHADES + (hash(name) % SHADES);
}

/** `step`: −4 … 4, as stepOf gives it. */
export function changeInk(step: number): number {
  return FIRST_CHANGE_INK + CHANGE_STEPS + step;
}

export function fadedInk(ink: number): number {
  if (ink >= FIRST_CHANGE_INK) return ink < FIRST_CHANGE_INK + CHANGE_INKS ? ink + CHANGE_INKS : ink;
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
/** The strongest change is darker than any kind. */
const FADED_CHANGE_SHARE = 0.18;

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
  const changes = changeColours(colour);
  const fade = (share: number) => (ink: Ink) => ({ fill: mix(background, ink.fill, share), text: textDim });
  const found = { fill: colour('--accent'), text: colour('--accent-text') };
  const inks = [...plain, ...plain.map(fade(FADED_SHARE)), found, ...changes, ...changes.map(fade(FADED_CHANGE_SHARE))];
  return {
    fills: inks.map((ink) => ink.fill),
    texts: inks.map((ink) => ink.text),
    background,
    outline: text,
    hover: isDark ? 'rgb(255 255 255 / 0.16)' : 'rgb(0 0 0 / 0.1)',
    isDark,
  };
}

interface Ink {
  readonly fill: string;
  readonly text: string;
}

/**
 * How much of the colour of “far more” or “far less” each step has; the first is already no grey. Between 0.3 and 0.52,
 * and between 0.62 and 0.74, neither text can be read in one of the themes.
 */
const CHANGE_SHARES = [0.28, 0.56, 0.8, 1] as const;

/** Blue is less and red more: the pair that colour-blind people tell apart as well. */
function changeColours(colour: ThemeColour): Ink[] {
  const same = colour('--change-same');
  const steps = (end: string) => CHANGE_SHARES.map((share) => mix(same, end, share));
  const fills = [...steps(colour('--change-less')).reverse(), same, ...steps(colour('--change-more'))];
  const [text, inverse] = [colour('--text'), colour('--change-text')];
  return fills.map((fill) => ({ fill, text: contrast(text, fill) >= contrast(inverse, fill) ? text : inverse }));
}

/** FNV-1a over the name. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) value = Math.imul(value ^ name.charCodeAt(at), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
