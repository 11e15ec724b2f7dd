import type { RangeNs } from '../../store/index.ts';
import type { ThemeColour } from '../../theme/theme-reader.ts';
import type { Columns } from './columns.ts';
import type { Happening } from './happenings.ts';
import type { AxisLayout } from './layout.ts';
import { lengthOf, shareAt } from './stretch.ts';
import type { DrawnTrack } from './use-drawn.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type AxisContext = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'clearRect'
  | 'closePath'
  | 'fill'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'globalAlpha'
  | 'lineTo'
  | 'lineWidth'
  | 'measureText'
  | 'moveTo'
  | 'setTransform'
  | 'stroke'
  | 'strokeStyle'
  | 'textAlign'
  | 'textBaseline'
>;

export interface AxisInks {
  readonly track: string;
  readonly value: string;
  readonly lost: string;
  readonly good: string;
  readonly bad: string;
  readonly text: string;
  readonly line: string;
}

export function axisInks(colour: ThemeColour): AxisInks {
  return {
    track: colour('--bg-sunken'),
    value: colour('--accent'),
    lost: colour('--warn'),
    good: colour('--ok'),
    bad: colour('--danger'),
    text: colour('--text-dim'),
    line: colour('--border'),
  };
}

export interface AxisScene {
  readonly domain: RangeNs;
  /** What there is data of at all: outside it nothing is missing. */
  readonly extent: RangeNs;
  readonly layout: AxisLayout;
  readonly widthPx: number;
  readonly pixelRatio: number;
  readonly tracks: readonly Pick<DrawnTrack, 'columns' | 'top'>[];
  readonly lost: Columns;
  readonly happenings: readonly Happening[];
  readonly ticks: readonly { readonly atNs: number; readonly text: string }[];
  readonly inks: AxisInks;
  readonly family: string;
}

/** Peaks within a column, behind what the column had on average. */
const PEAK_ALPHA = 0.38;
const MEAN_ALPHA = 0.85;
const HATCH_PX = 5;

export function drawAxis(context: AxisContext, scene: AxisScene): void {
  const { pixelRatio, widthPx, layout } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, widthPx, layout.heightPx);
  for (const [index, track] of scene.tracks.entries()) drawTrack(context, scene, track, layout.trackTops[index] ?? 0);
  drawLost(context, scene);
  drawHappenings(context, scene);
  drawRuler(context, scene);
}

function drawTrack(
  context: AxisContext,
  scene: AxisScene,
  { columns, top }: Pick<DrawnTrack, 'columns' | 'top'>,
  topPx: number,
): void {
  const { layout, inks } = scene;
  const [left, right] = [xOf(scene, scene.extent.fromNs), xOf(scene, scene.extent.toNs)];
  const from = Math.max(0, left);
  const width = Math.min(scene.widthPx, right) - from;
  if (width > 0) {
    context.fillStyle = inks.track;
    context.fillRect(from, topPx, width, layout.trackPx);
  }
  for (const gap of gapsOf(columns)) hatch(context, scene, gap, topPx);
  context.fillStyle = inks.value;
  context.globalAlpha = PEAK_ALPHA;
  fillArea(context, scene, columns, columns.highest, top, topPx);
  context.globalAlpha = MEAN_ALPHA;
  fillArea(context, scene, columns, columns.mean, top, topPx);
  context.globalAlpha = 1;
}

/** Steps, one for each column; a gap ends an area and another begins behind it. */
function fillArea(
  context: AxisContext,
  scene: AxisScene,
  columns: Columns,
  values: Float64Array,
  top: number,
  topPx: number,
): void {
  const { trackPx } = scene.layout;
  const basePx = topPx + trackPx;
  /** Height of the step that is under way; null in a gap. Columns of the same window are one step. */
  let openPx: number | null = null;
  context.beginPath();
  for (let column = 0; column < values.length; column++) {
    const value = values[column]!;
    const y = Number.isNaN(value) ? null : basePx - Math.min(1, value / top) * trackPx;
    if (y === openPx) continue;
    const left = columnX(scene, columns, column);
    if (openPx === null) context.moveTo(left, basePx);
    else context.lineTo(left, openPx);
    context.lineTo(left, y ?? basePx);
    openPx = y;
  }
  if (openPx !== null) {
    const right = columnX(scene, columns, values.length);
    context.lineTo(right, openPx);
    context.lineTo(right, basePx);
  }
  context.fill();
}

/** Columns of which nothing is known. */
function gapsOf({ mean, startNs, widthNs }: Columns): readonly RangeNs[] {
  const gaps: RangeNs[] = [];
  for (let column = 0; column < mean.length; column++) {
    if (!Number.isNaN(mean[column]!)) continue;
    const first = column;
    while (column + 1 < mean.length && Number.isNaN(mean[column + 1]!)) column++;
    gaps.push({ fromNs: startNs + first * widthNs, toNs: startNs + (column + 1) * widthNs });
  }
  return gaps;
}

/** Slanting lines over a time of which a track knows nothing, within the data there is. */
function hatch(context: AxisContext, scene: AxisScene, gap: RangeNs, topPx: number): void {
  const left = Math.max(0, xOf(scene, Math.max(gap.fromNs, scene.extent.fromNs)));
  const right = Math.min(scene.widthPx, xOf(scene, Math.min(gap.toNs, scene.extent.toNs)));
  if (right - left < 1) return;
  const { trackPx } = scene.layout;
  context.strokeStyle = scene.inks.line;
  context.lineWidth = 1;
  context.beginPath();
  // At multiples of their distance, so that the gaps of all tracks look like one.
  for (let x = Math.ceil((left - trackPx) / HATCH_PX) * HATCH_PX; x < right; x += HATCH_PX) {
    const [from, to] = [Math.max(x, left), Math.min(x + trackPx, right)];
    if (to <= from) continue;
    context.moveTo(from, topPx + trackPx - (from - x));
    context.lineTo(to, topPx + trackPx - (to - x));
  }
  context.stroke();
}

function drawLost(context: AxisContext, scene: AxisScene): void {
  const { lost, layout, inks } = scene;
  context.fillStyle = inks.lost;
  for (let column = 0; column < lost.highest.length; column++) {
    if (!(lost.highest[column]! > 0)) continue;
    const left = columnX(scene, lost, column);
    // Never too thin to be seen: a loss is what somebody looks for.
    context.fillRect(left, layout.lostPx, Math.max(2, columnX(scene, lost, column + 1) - left), layout.lostHeightPx);
  }
}

function drawHappenings(context: AxisContext, scene: AxisScene): void {
  const { layout, inks, domain } = scene;
  for (const { atNs, kind } of scene.happenings) {
    if (atNs < domain.fromNs || atNs > domain.toNs) continue;
    const x = Math.round(xOf(scene, atNs));
    context.fillStyle = kind === 'bad' ? inks.bad : kind === 'good' ? inks.good : inks.text;
    context.beginPath();
    context.moveTo(x - 4, layout.flagsPx - 7);
    context.lineTo(x + 4, layout.flagsPx - 7);
    context.lineTo(x, layout.flagsPx - 1);
    context.closePath();
    context.fill();
  }
}

function drawRuler(context: AxisContext, scene: AxisScene): void {
  const { layout, inks, ticks, widthPx } = scene;
  context.font = `11px ${scene.family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const { atNs, text } of ticks) {
    const x = xOf(scene, atNs);
    const half = context.measureText(text).width / 2;
    context.fillStyle = inks.line;
    context.fillRect(Math.round(x), layout.rulerPx, 1, 4);
    const middle = Math.min(widthPx - half, Math.max(half, x));
    if (middle - half < freeFrom) continue;
    context.fillStyle = inks.text;
    context.fillText(text, middle, layout.rulerPx + 11);
    freeFrom = middle + half + 8;
  }
  context.fillStyle = inks.line;
  context.fillRect(0, layout.rulerPx, widthPx, 1);
}

function columnX(scene: AxisScene, { startNs, widthNs }: Columns, column: number): number {
  return xOf(scene, startNs + column * widthNs);
}

function xOf({ domain, widthPx }: Pick<AxisScene, 'domain' | 'widthPx'>, ns: number): number {
  return lengthOf(domain) > 0 ? shareAt(domain, ns) * widthPx : 0;
}
