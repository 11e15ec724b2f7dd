import { SECOND_NS, type SecondsGrid, SLOT } from '../../derive/subsecond/index.ts';
import { HEAT_SHADES, heatRamp } from '../../theme/heat-ramp.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';
import { clearPlot, drawPlotAxes, LEFT_PX, type PlotContext, type PlotInks, TOP_PX } from '../../widgets/plot-axes.ts';
import type { TimeLabel } from '../../widgets/time-ticks.ts';
import { type SecondsFrame, xOf, yOf } from './frame.ts';

export interface SecondsInks extends PlotInks {
  /** Nobody watched. */
  readonly gap: string;
  /** From few to many samples. */
  readonly ramp: readonly string[];
}

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
  readonly times: readonly TimeLabel[];
}

export function drawSeconds(context: PlotContext, scene: SecondsScene): void {
  const { frame, times } = scene;
  clearPlot(context, frame, scene);
  for (let column = 0; column < frame.seconds.count; column++) drawSecond(context, scene, column);
  const rows = OFFSETS_MS.map((ms) => ({ y: yOf(frame, ms * 1e6), text: `${ms} ms` }));
  drawPlotAxes(context, frame, { rows, times, xOf: (atNs) => xOf(frame, atNs / SECOND_NS) }, scene);
}

function drawSecond(context: PlotContext, { grid, frame, inks, pixelRatio }: SecondsScene, column: number): void {
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

function drawStripes(context: PlotContext, left: number, top: number, width: number, bottom: number): void {
  for (let y = Math.ceil(top / (2 * STRIPE_PX)) * 2 * STRIPE_PX; y < bottom; y += 2 * STRIPE_PX)
    context.fillRect(LEFT_PX + left, TOP_PX + y, width, Math.min(STRIPE_PX, bottom - y));
}
