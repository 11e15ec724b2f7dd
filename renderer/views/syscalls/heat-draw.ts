import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { Band, HeatMap } from '../../derive/calls/index.ts';
import { HEAT_SHADES, heatRamp } from '../../theme/heat-ramp.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';
import { type HeatFrame, topOf, xOf } from './heat-frame.ts';
import { edgeText } from './histogram-data.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type HeatContext = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'fillStyle' | 'fillText' | 'font' | 'globalAlpha' | 'setTransform' | 'textAlign' | 'textBaseline'
>;

export interface HeatInks {
  readonly background: string;
  /** From few to many calls. */
  readonly ramp: readonly string[];
  readonly text: string;
  readonly line: string;
  readonly family: string;
}

/** Outside the chosen band. */
const FADED = 0.28;
/** Room left of the plot for latencies, and below it for times. */
export const LEFT_PX = 56;
export const BOTTOM_PX = 18;
export const RIGHT_PX = 12;
export const TOP_PX = 6;
const FONT = '11px';
const LABEL_APART_PX = 17;

/** `family`: of the font. Read with the colours, as asking a page that has just changed lays it out at once. */
export function heatInks(colour: ThemeColour, family: string): HeatInks {
  return {
    family,
    background: colour('--bg-raised'),
    ramp: heatRamp(colour),
    text: colour('--text-dim'),
    line: colour('--border'),
  };
}

/** Shade of a rate: logarithmic, because quick calls are thousands of times as many as slow ones. */
export function shadeOf(rate: number, { leastRate, mostRate }: Pick<HeatMap, 'leastRate' | 'mostRate'>): number {
  if (mostRate <= leastRate) return HEAT_SHADES - 1;
  const share = Math.log(rate / leastRate) / Math.log(mostRate / leastRate);
  return Math.round(Math.min(1, Math.max(0, share)) * (HEAT_SHADES - 1));
}

export interface HeatScene {
  readonly heat: HeatMap;
  readonly frame: HeatFrame;
  readonly band: Band;
  readonly inks: HeatInks;
  readonly pixelRatio: number;
  readonly times: readonly { readonly atNs: number; readonly text: string }[];
}

export function drawHeat(context: HeatContext, scene: HeatScene): void {
  const { frame, inks, pixelRatio } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = inks.background;
  context.fillRect(0, 0, LEFT_PX + frame.widthPx + RIGHT_PX, TOP_PX + frame.heightPx + BOTTOM_PX);
  drawCells(context, scene);
  drawAxes(context, scene);
}

function drawCells(context: HeatContext, { heat, frame, band, inks, pixelRatio }: HeatScene): void {
  const { columns } = heat;
  const onPixel = (px: number) => Math.round(px * pixelRatio) / pixelRatio;
  const hair = 1 / pixelRatio;
  for (let column = 0; column < columns.count; column++) {
    const left = onPixel(xOf(frame, columns.fromNs[column]!));
    const right = onPixel(xOf(frame, columns.toNs[column]!));
    for (let bucket = frame.lowest; bucket <= frame.highest; bucket++) {
      const calls = heat.calls[column * LATENCY_BUCKETS + bucket]!;
      if (calls === 0) continue;
      const [top, bottom] = [onPixel(topOf(frame, bucket)), onPixel(topOf(frame, bucket - 1))];
      context.globalAlpha = band !== null && (bucket < band.from || bucket > band.to) ? FADED : 1;
      context.fillStyle = inks.ramp[shadeOf(calls / columns.seconds[column]!, heat)]!;
      const width = Math.max(right - left, hair);
      context.fillRect(LEFT_PX + left, TOP_PX + top, width > 4 ? width - hair : width, bottom - top - hair);
    }
  }
  context.globalAlpha = 1;
}

function drawAxes(context: HeatContext, { frame, inks, times }: HeatScene): void {
  context.font = `${FONT} ${inks.family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const rows = frame.highest + 1 - frame.lowest;
  const step = Math.max(1, Math.ceil(LABEL_APART_PX / (frame.heightPx / rows)));
  for (let edge = Math.ceil(frame.lowest / step) * step; edge <= frame.highest + 1; edge += step) {
    const y = TOP_PX + topOf(frame, edge - 1);
    context.fillStyle = inks.line;
    context.fillRect(LEFT_PX - 4, Math.round(y), 4, 1);
    context.fillStyle = inks.text;
    context.fillText(edgeText(edge), LEFT_PX - 7, Math.max(y, TOP_PX + 2));
  }
  context.textAlign = 'center';
  const base = TOP_PX + frame.heightPx;
  for (const { atNs, text } of times) {
    const x = LEFT_PX + xOf(frame, atNs);
    context.fillStyle = inks.line;
    context.fillRect(Math.round(x), base, 1, 4);
    context.fillStyle = inks.text;
    context.fillText(text, x, base + 11);
  }
  context.fillStyle = inks.line;
  context.fillRect(LEFT_PX, base, frame.widthPx, 1);
  context.fillRect(LEFT_PX - 1, TOP_PX, 1, frame.heightPx);
}
