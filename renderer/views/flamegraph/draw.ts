import type { Boxes, NodeKey } from '../../derive/index.ts';
import { INKS, type Palette } from './palette.ts';

/** What drawing needs of a canvas: a test's fake keeps a log of it. */
export type DrawContext = Pick<
  CanvasRenderingContext2D,
  | 'clearRect'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'fontKerning'
  | 'lineWidth'
  | 'setTransform'
  | 'strokeRect'
  | 'strokeStyle'
  | 'textBaseline'
>;

export const ROW_PX = 20;
export const FONT_PX = 12;
/** Space around a label within its box. */
const PAD_PX = 4;
/** Of a sign and the gap behind it. */
const SIGN_PX = 12;
/** No label in narrower boxes: three letters and an ellipsis would not fit. */
const LABEL_FROM_PX = 26;
/** Tiny frames put together are hatched from this width on. */
const HATCH_FROM_PX = 4;
const HATCH_STEP_PX = 4;
const HATCH_INSET_PX = 3;

export interface Scene {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  readonly font: string;
  readonly palette: Palette;
  readonly boxes: Boxes;
  /** Ink number by box. */
  readonly ink: Uint8Array;
  /** Key of the first frame by box; 0xffffffff where there is no label. */
  readonly keyOf: (box: number) => NodeKey;
  /** Upper edge of a row, in CSS pixels from the top of the picture. */
  readonly topOf: (row: number) => number;
  readonly label: (key: NodeKey, px: number) => string;
  /** Stands before the label; null = nothing does anywhere. */
  readonly signOf: ((box: number) => string) | null;
}

/** The whole picture, boxes first and text on top, each in the order of their inks. */
export function drawFrames(context: DrawContext, scene: Scene): void {
  const { widthPx, heightPx, pixelRatio, palette } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, widthPx, heightPx);
  const order = byInk(scene);
  fillBoxes(context, scene, order);
  hatchTiny(context, scene);
  drawLabels(context, scene, order);
}

/** Box numbers sorted by ink, and where each ink begins. */
function byInk({ boxes, ink }: Scene): { readonly sorted: Uint32Array; readonly starts: Uint32Array } {
  const starts = new Uint32Array(INKS + 1);
  for (let box = 0; box < boxes.count; box++) starts[ink[box]! + 1]!++;
  for (let at = 1; at <= INKS; at++) starts[at] = starts[at]! + starts[at - 1]!;
  const next = starts.slice();
  const sorted = new Uint32Array(boxes.count);
  for (let box = 0; box < boxes.count; box++) sorted[next[ink[box]!]!++] = box;
  return { sorted, starts };
}

type Order = ReturnType<typeof byInk>;

function fillBoxes(context: DrawContext, scene: Scene, { sorted, starts }: Order): void {
  const { boxes, palette, widthPx, pixelRatio, topOf } = scene;
  const hair = 1 / pixelRatio;
  for (let ink = 0; ink < INKS; ink++) {
    if (starts[ink] === starts[ink + 1]) continue;
    context.fillStyle = palette.fills[ink]!;
    for (let at = starts[ink]!; at < starts[ink + 1]!; at++) {
      const box = sorted[at]!;
      // Edges lie on device pixels, so that equal gaps look equal; a box is never narrower than one.
      const left = Math.round(Math.max(boxes.left[box]!, 0) * pixelRatio) / pixelRatio;
      const right = Math.round(Math.min(boxes.right[box]!, widthPx) * pixelRatio) / pixelRatio;
      const width = right - left;
      const gap = width > 3 ? hair : 0;
      context.fillRect(left, topOf(boxes.row[box]!), Math.max(width - gap, hair), ROW_PX - hair);
    }
  }
}

/** Upright strokes say: here are many, come closer. Filled, not stroked: a path of thousands of lines is slow. */
function hatchTiny(context: DrawContext, scene: Scene): void {
  const { boxes, palette, widthPx, topOf } = scene;
  context.fillStyle = palette.background;
  for (let box = 0; box < boxes.count; box++) {
    if (boxes.frames[box]! < 2) continue;
    const left = Math.max(boxes.left[box]!, 0);
    const right = Math.min(boxes.right[box]!, widthPx);
    if (right - left < HATCH_FROM_PX) continue;
    const top = topOf(boxes.row[box]!) + HATCH_INSET_PX;
    for (let x = Math.ceil(left / HATCH_STEP_PX) * HATCH_STEP_PX; x < right - 1; x += HATCH_STEP_PX) {
      context.fillRect(x, top, 1, ROW_PX - 1 - 2 * HATCH_INSET_PX);
    }
  }
}

function drawLabels(context: DrawContext, scene: Scene, { sorted, starts }: Order): void {
  const { boxes, palette, widthPx, topOf } = scene;
  context.font = scene.font;
  context.fontKerning = 'none';
  context.textBaseline = 'middle';
  let colour = '';
  for (let ink = 0; ink < INKS; ink++) {
    for (let at = starts[ink]!; at < starts[ink + 1]!; at++) {
      const box = sorted[at]!;
      // A frame that begins left of the picture keeps its name in sight.
      const left = Math.max(boxes.left[box]!, 0);
      const px = Math.min(boxes.right[box]!, widthPx) - left;
      if (px < LABEL_FROM_PX || boxes.frames[box]! > 1) continue;
      const sign = scene.signOf?.(box) ?? '';
      const indent = sign === '' ? 0 : SIGN_PX;
      const text = scene.label(scene.keyOf(box), px - 2 * PAD_PX - indent);
      if (text === '' && sign === '') continue;
      if (palette.texts[ink] !== colour) context.fillStyle = colour = palette.texts[ink]!;
      const y = topOf(boxes.row[box]!) + ROW_PX / 2 + 0.5;
      if (sign !== '') context.fillText(sign, Math.round(left + PAD_PX), y);
      if (text !== '') context.fillText(text, Math.round(left + PAD_PX + indent), y);
    }
  }
}

export interface Marks {
  /** Boxes, -1 = none. */
  readonly hovered: number;
  readonly selected: number;
  readonly hasFocus: boolean;
  /** Boxes of the same function as the hovered one. */
  readonly kin: readonly number[];
}

/** What changes with every move of the mouse, on a canvas of its own above the picture. */
export function drawMarks(context: DrawContext, scene: Scene, { hovered, selected, kin, hasFocus }: Marks): void {
  const { widthPx, heightPx, pixelRatio, palette } = scene;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, widthPx, heightPx);
  context.fillStyle = palette.hover;
  for (const box of kin) if (box !== hovered) context.fillRect(...rectOf(scene, box));
  if (hovered >= 0) {
    context.fillRect(...rectOf(scene, hovered));
    outline(context, scene, hovered, 1);
  }
  if (selected >= 0) outline(context, scene, selected, hasFocus ? 2 : 1.5);
}

function outline(context: DrawContext, scene: Scene, box: number, lineWidth: number): void {
  const [left, top, width, height] = rectOf(scene, box);
  context.strokeStyle = scene.palette.outline;
  context.lineWidth = lineWidth;
  context.strokeRect(left + lineWidth / 2, top + lineWidth / 2, Math.max(0, width - lineWidth), height - lineWidth);
}

function rectOf({ boxes, widthPx, topOf }: Scene, box: number): [number, number, number, number] {
  const left = Math.max(boxes.left[box]!, 0);
  // As wide as a stroke needs to be seen.
  const width = Math.max(Math.min(boxes.right[box]!, widthPx) - left, 3);
  return [left, topOf(boxes.row[box]!), width, ROW_PX];
}
