import { LATENCY_BUCKETS } from '../../../remote-agent/protocol/latency.ts';
import type { Band, HeatMap } from '../../derive/calls/index.ts';
import { HEAT_SHADES, heatRamp } from '../../theme/heat-ramp.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';
import {
  clearPlot,
  drawPlotAxes,
  LEFT_PX,
  type PlotContext,
  type PlotInks,
  type PlotLabels,
  TOP_PX,
} from '../../widgets/plot-axes.ts';
import type { TimeLabel } from '../../widgets/time-ticks.ts';
import { type HeatFrame, topOf, xOf } from './heat-frame.ts';
import { edgeText } from './histogram-data.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type HeatContext = PlotContext & Pick<CanvasRenderingContext2D, 'globalAlpha'>;

export interface HeatInks extends PlotInks {
  /** From few to many calls. */
  readonly ramp: readonly string[];
}

/** Outside the chosen band. */
const FADED = 0.28;
const LABEL_APART_PX = 17;

export function heatInks(colour: ThemeColour): HeatInks {
  return {
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
  readonly times: readonly TimeLabel[];
  readonly inks: HeatInks;
  readonly family: string;
  readonly pixelRatio: number;
}

export function drawHeat(context: HeatContext, scene: HeatScene): void {
  const { frame, times } = scene;
  context.globalAlpha = 1;
  clearPlot(context, frame, scene);
  drawCells(context, scene);
  const labels = { rows: edgeLabels(frame), times, xOf: (atNs: number) => xOf(frame, atNs) };
  drawPlotAxes(context, frame, labels, scene);
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

/** Edges between rows, as many as there is room for. */
function edgeLabels(frame: HeatFrame): PlotLabels['rows'] {
  const { heightPx, lowest, highest } = frame;
  const step = Math.max(1, Math.ceil(LABEL_APART_PX / (heightPx / (highest + 1 - lowest))));
  const labels = [];
  for (let edge = Math.ceil(lowest / step) * step; edge <= highest + 1; edge += step)
    labels.push({ y: topOf(frame, edge - 1), text: edgeText(edge) });
  return labels;
}
