/** The frame of a heat map on a canvas: room around the plot, and times below it. The plot lies there in `theme/heat.css`, too. */
import type { TimeLabel } from './time-ticks.ts';

/** For labels of rows. */
export const LEFT_PX = 60;
export const TOP_PX = 8;
export const RIGHT_PX = 12;
/** For times. */
export const BOTTOM_PX = 18;
const FONT = '11px';
/** From a label's middle to the line that it belongs to. */
const BELOW_PX = 11;
const TICK_PX = 4;

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type PlotContext = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'fillStyle' | 'fillText' | 'font' | 'setTransform' | 'textAlign' | 'textBaseline'
>;

export interface PlotInks {
  readonly background: string;
  readonly text: string;
  readonly line: string;
}

export interface Plot {
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Scene<Inks extends PlotInks> {
  readonly inks: Inks;
  readonly family: string;
  readonly pixelRatio: number;
}

/** Nothing on it yet. */
export function clearPlot(context: PlotContext, { widthPx, heightPx }: Plot, scene: Scene<PlotInks>): void {
  const { inks, pixelRatio } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = inks.background;
  context.fillRect(0, 0, LEFT_PX + widthPx + RIGHT_PX, TOP_PX + heightPx + BOTTOM_PX);
}

export interface PlotLabels {
  /** `y` from the plot's upper edge. */
  readonly rows: readonly { readonly y: number; readonly text: string }[];
  readonly times: readonly TimeLabel[];
  /** From the plot's left edge. */
  readonly xOf: (atNs: number) => number;
}

/** The lines on the left and below, and what stands at them. */
export function drawPlotAxes(context: PlotContext, plot: Plot, labels: PlotLabels, scene: Scene<PlotInks>): void {
  const { inks, family } = scene;
  const base = TOP_PX + plot.heightPx;
  context.font = `${FONT} ${family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { y, text } of labels.rows) {
    context.fillStyle = inks.line;
    context.fillRect(LEFT_PX - TICK_PX, Math.round(TOP_PX + y), TICK_PX, 1);
    context.fillStyle = inks.text;
    context.fillText(text, LEFT_PX - 7, TOP_PX + y);
  }
  context.textAlign = 'center';
  for (const { atNs, text } of labels.times) {
    const x = LEFT_PX + labels.xOf(atNs);
    context.fillStyle = inks.line;
    context.fillRect(Math.round(x), base, 1, TICK_PX);
    context.fillStyle = inks.text;
    context.fillText(text, x, base + BELOW_PX);
  }
  context.fillStyle = inks.line;
  context.fillRect(LEFT_PX, base, plot.widthPx, 1);
  context.fillRect(LEFT_PX - 1, TOP_PX, 1, plot.heightPx);
}
