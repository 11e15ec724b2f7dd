import { type SecondsGrid, SLOT } from '../../derive/subsecond/index.ts';
import { HEAT_SHADES, heatRamp } from '../../theme/heat-ramp.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';
import { type SecondsFrame, xOf, yOf } from './frame.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type SecondsContext = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'fillStyle' | 'fillText' | 'font' | 'setTransform' | 'textAlign' | 'textBaseline'
>;

export interface SecondsInks {
  readonly background: string;
  /** Nobody watched. */
  readonly gap: string;
  /** From few to many samples. */
  readonly ramp: readonly string[];
  readonly text: string;
  readonly line: string;
}

/** Room left of the plot for offsets, and below it for times. */
export const LEFT_PX = 56;
export const BOTTOM_PX = 18;
export const RIGHT_PX = 12;
export const TOP_PX = 8;
const FONT = '11px';
const OFFSETS_MS = [0, 200, 400, 600, 800, 1000];
/** Of averaged slots every second line of pixels is left out: they are known to be only about so. */
const STRIPE_PX = 2;

export function secondsInks(colour: ThemeColour): SecondsInks {
  return {
    background: colour('--bg-raised'),
    gap: colour('--bg-sunken'),
    ramp: heatRamp(colour),
    text: colour('--text-dim'),
    line: colour('--border'),
  };
}

/** Shade of a number of samples above 0; the fullest slot has the last one. */
export function shadeOf(samples: number, most: number): number {
  const share = most <= 1 ? 1 : (samples - 1) / (most - 1);
  return Math.round(Math.min(1, Math.max(0, share)) * (HEAT_SHADES - 1));
}

export interface SecondsScene {
  readonly grid: SecondsGrid;
  readonly frame: SecondsFrame;
  readonly inks: SecondsInks;
  readonly family: string;
  readonly pixelRatio: number;
  readonly times: readonly { readonly atNs: number; readonly text: string }[];
}

export function drawSeconds(context: SecondsContext, scene: SecondsScene): void {
  const { frame, inks, pixelRatio } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = inks.background;
  context.fillRect(0, 0, LEFT_PX + frame.widthPx + RIGHT_PX, TOP_PX + frame.heightPx + BOTTOM_PX);
  for (let column = 0; column < frame.seconds.count; column++) drawSecond(context, scene, column);
  drawAxes(context, scene);
}

function drawSecond(context: SecondsContext, { grid, frame, inks, pixelRatio }: SecondsScene, column: number): void {
  const onPixel = (px: number) => Math.round(px * pixelRatio) / pixelRatio;
  const hair = 1 / pixelRatio;
  const second = frame.seconds.first + column;
  const [left, right] = [onPixel(xOf(frame, second)), onPixel(xOf(frame, second + 1))];
  const isApart = right - left > 4;
  for (let slot = 0; slot < grid.slots; slot++) {
    const cell = column * grid.slots + slot;
    const [state, samples] = [grid.state[cell]!, grid.samples[cell]!];
    if (state !== SLOT.unwatched && samples === 0) continue;
    context.fillStyle = state === SLOT.unwatched ? inks.gap : inks.ramp[shadeOf(samples, grid.most)]!;
    const top = onPixel(yOf(frame, Math.min(1e9, (slot + 1) * grid.slotNs)));
    const bottom = onPixel(yOf(frame, slot * grid.slotNs));
    const width = right - left - (isApart && state !== SLOT.unwatched ? hair : 0);
    if (state === SLOT.averaged) drawStripes(context, left, top, width, bottom);
    else {
      const height = bottom - top - (state === SLOT.watched && bottom - top > 4 ? hair : 0);
      context.fillRect(LEFT_PX + left, TOP_PX + top, width, height);
    }
  }
}

function drawStripes(context: SecondsContext, left: number, top: number, width: number, bottom: number): void {
  for (let y = Math.ceil(top / (2 * STRIPE_PX)) * 2 * STRIPE_PX; y < bottom; y += 2 * STRIPE_PX)
    context.fillRect(LEFT_PX + left, TOP_PX + y, width, Math.min(STRIPE_PX, bottom - y));
}

function drawAxes(context: SecondsContext, { frame, inks, family, times }: SecondsScene): void {
  context.font = `${FONT} ${family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const ms of OFFSETS_MS) {
    const y = TOP_PX + yOf(frame, ms * 1e6);
    context.fillStyle = inks.line;
    context.fillRect(LEFT_PX - 4, Math.round(y), 4, 1);
    context.fillStyle = inks.text;
    context.fillText(`${ms} ms`, LEFT_PX - 7, y);
  }
  context.textAlign = 'center';
  const base = TOP_PX + frame.heightPx;
  for (const { atNs, text } of times) {
    const x = LEFT_PX + xOf(frame, atNs / 1e9);
    context.fillStyle = inks.line;
    context.fillRect(Math.round(x), base, 1, 4);
    context.fillStyle = inks.text;
    context.fillText(text, x, base + 11);
  }
  context.fillStyle = inks.line;
  context.fillRect(LEFT_PX, base, frame.widthPx, 1);
  context.fillRect(LEFT_PX - 1, TOP_PX, 1, frame.heightPx);
}
