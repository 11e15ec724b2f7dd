import { type FlowMap, HEALTHS } from '../../../derive/flows/index.ts';
import type { ThemeColour } from '../../../theme/theme-reader.ts';
import { formatBytes } from '../../../widgets/format.ts';
import { BAR_PX, isPartOf, type MapLayout, type MapTarget, type PlacedNode, type Ribbon } from './map-layout.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type MapContext = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'bezierCurveTo'
  | 'closePath'
  | 'fill'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'globalAlpha'
  | 'lineTo'
  | 'measureText'
  | 'moveTo'
  | 'setTransform'
  | 'textAlign'
  | 'textBaseline'
>;

export interface MapInks {
  readonly background: string;
  /** By health. */
  readonly ribbons: readonly string[];
  readonly bar: string;
  readonly marked: string;
  readonly text: string;
  readonly dim: string;
}

export function mapInks(colour: ThemeColour): MapInks {
  return {
    background: colour('--bg-raised'),
    ribbons: HEALTHS.map((health) => colour(`--health-${health}`)),
    bar: colour('--text-dim'),
    marked: colour('--accent'),
    text: colour('--text'),
    dim: colour('--text-dim'),
  };
}

export interface MapScene {
  readonly map: FlowMap;
  readonly layout: MapLayout;
  readonly inks: MapInks;
  readonly family: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelRatio: number;
  /** What is pointed at; the rest steps back. */
  readonly pointed: MapTarget | null;
}

const PLAIN = 0.5;
const POINTED = 0.85;
const BACK = 0.14;
const FONT_PX = 12;
const LABEL_GAP_PX = 7;
const EDGE_PX = 8;

export function drawMap(context: MapContext, scene: MapScene): void {
  const { inks, layout, map, pixelRatio, pointed, widthPx, heightPx } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = inks.background;
  context.fillRect(0, 0, widthPx, heightPx);
  // The least first: what carries most lies on top. Trouble lies above all that is well.
  const order = layout.ribbons.toReversed().sort((a, b) => a.health - b.health);
  for (const ribbon of order) {
    const isPointed = pointed !== null && isPartOf(map, ribbon.link, pointed);
    context.globalAlpha = pointed === null ? PLAIN : isPointed ? POINTED : BACK;
    context.fillStyle = inks.ribbons[ribbon.health]!;
    drawRibbon(context, ribbon, layout);
  }
  context.globalAlpha = 1;
  context.font = `${FONT_PX}px ${scene.family}`;
  context.textBaseline = 'middle';
  for (const [at, node] of layout.left.entries()) drawNode(context, scene, node, 'left', at);
  for (const [at, node] of layout.right.entries()) drawNode(context, scene, node, 'right', at);
}

function drawRibbon(context: MapContext, ribbon: Ribbon, { fromX, toX }: MapLayout): void {
  const { leftTop, leftHeight, rightTop, rightHeight } = ribbon;
  const middle = (fromX + toX) / 2;
  context.beginPath();
  context.moveTo(fromX, leftTop);
  context.bezierCurveTo(middle, leftTop, middle, rightTop, toX, rightTop);
  context.lineTo(toX, rightTop + rightHeight);
  context.bezierCurveTo(middle, rightTop + rightHeight, middle, leftTop + leftHeight, fromX, leftTop + leftHeight);
  context.closePath();
  context.fill();
}

function drawNode(context: MapContext, scene: MapScene, place: PlacedNode, side: 'left' | 'right', at: number): void {
  const { inks, layout, pointed, widthPx, map } = scene;
  const isMarked = pointed !== null && isMarkedBy(map, pointed, side, at);
  const { node, top, height } = place;
  context.fillStyle = isMarked ? inks.marked : inks.bar;
  context.fillRect(side === 'left' ? layout.fromX - BAR_PX : layout.toX, top, BAR_PX, height);
  const middle = top + height / 2;
  const figure = formatBytes(node.bytes);
  context.textAlign = side === 'left' ? 'right' : 'left';
  const edge = side === 'left' ? layout.fromX - BAR_PX - LABEL_GAP_PX : layout.toX + BAR_PX + LABEL_GAP_PX;
  const figurePx = context.measureText(figure).width;
  const roomPx = side === 'left' ? edge - EDGE_PX : widthPx - EDGE_PX - edge;
  const name = fitted(context, node.text, roomPx - figurePx - LABEL_GAP_PX);
  const namePx = context.measureText(name).width;
  context.fillStyle = pointed !== null && !isMarked ? inks.dim : inks.text;
  context.fillText(name, edge, middle);
  context.fillStyle = inks.dim;
  const step = namePx + LABEL_GAP_PX;
  context.fillText(figure, side === 'left' ? edge - step : edge + step, middle);
}

function isMarkedBy({ links }: FlowMap, pointed: MapTarget, side: 'left' | 'right', at: number): boolean {
  if (pointed.kind === side) return pointed.at === at;
  if (pointed.kind === 'link') return links[pointed.at]?.[side] === at;
  return links.some((link) => link[pointed.kind as 'left' | 'right'] === pointed.at && link[side] === at);
}

/** As much of a name as there is room for. Widths rise with the length, so a search by halves finds it. */
function fitted(context: MapContext, text: string, roomPx: number): string {
  if (context.measureText(text).width <= roomPx) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= roomPx) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low)}…`;
}
