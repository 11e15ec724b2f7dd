import {
  boxOfNode,
  type CallTree,
  emptyBoxes,
  type FrameKind,
  type FunctionTable,
  isFunctionKey,
  layOut,
  type Names,
  type TreeMatches,
} from '../../derive/index.ts';
import { themeColours } from '../../theme/theme-reader.ts';
import type { Camera } from './camera.ts';
import { drawFrames, drawMarks, FONT_PX, type Scene } from './draw.ts';
import { Inks } from './inks.ts';
import { LabelFitter } from './label-fitter.ts';
import { makePalette, type Palette } from './palette.ts';
import type { FlameElements, Surface } from './surface.ts';

/** Narrower frames are put together. Two pixels: one of colour, one of gap. */
const SMALLEST_PX = 2;

/** For those who see no colours. */
const SIGNS = ['−', '', '+'] as const;

/** What a flame graph shows. */
export interface FlameInput {
  readonly tree: CallTree;
  readonly names: Names;
  readonly functions: FunctionTable;
  readonly rootOnTop: boolean;
  readonly matches: TreeMatches | null;
  readonly dimmed: ReadonlySet<FrameKind>;
  /** Live updates move softly. */
  readonly isAnimated: boolean;
  /** By node of the tree: −4 … 4. Then colours tell how much it changed, not whose code it is. */
  readonly changes?: Int8Array;
}

/** Brings input and camera onto the two canvases, and keeps the boxes that are on them. */
export class Painter {
  readonly boxes = emptyBoxes();
  readonly #elements: FlameElements;
  readonly #inks = new Inks();
  readonly #frames: CanvasRenderingContext2D;
  readonly #marks: CanvasRenderingContext2D;
  #palette: Palette;
  #labels: LabelFitter;
  #font = '';
  #painted: { readonly scene: Scene; readonly tree: CallTree } | null = null;

  constructor(elements: FlameElements) {
    this.#elements = elements;
    // Opaque: the browser need not blend it with what is below.
    this.#frames = contextOf(elements.frames, { alpha: false });
    this.#marks = contextOf(elements.marks, { alpha: true });
    this.#palette = makePalette(themeColours(elements.scroller));
    this.#labels = this.#makeLabels();
  }

  /** The tree on the screen: the input may be newer until the next frame. */
  get paintedTree(): CallTree | null {
    return this.#painted?.tree ?? null;
  }

  readTheme(): void {
    this.#palette = makePalette(themeColours(this.#elements.scroller));
    this.#labels = this.#makeLabels();
  }

  paintFrames(input: FlameInput, camera: Camera, surface: Surface, nowMs: number): void {
    const { tree, matches } = input;
    const placement = camera.placementAt(nowMs);
    if (!placement) return;
    const { widthPx, heightPx, pixelRatio, firstRow, lastRow } = surface;
    const mask = matches?.mask ?? null;
    const request = { ...camera.spanAt(nowMs), widthPx, smallestPx: SMALLEST_PX, firstRow, lastRow, mask };
    layOut(tree, placement, request, this.boxes);
    this.#labels.setNames(input.names);
    const zoomedRow = tree.depth[camera.zoomedNode()] ?? 0;
    const { changes = null } = input;
    const ink = this.#inks.choose(this.boxes, { ...input, isSearching: matches !== null, zoomedRow, changes });
    const scene = {
      widthPx,
      heightPx,
      pixelRatio,
      font: this.#font,
      palette: this.#palette,
      boxes: this.boxes,
      ink,
      keyOf: (box: number) => tree.key[this.boxes.node[box]!]!,
      topOf: (row: number) => surface.topOf(row),
      label: (key: number, px: number) => this.#labels.fit(key, px),
      signOf: changes && ((box: number) => SIGNS[Math.sign(changes[this.boxes.node[box]!]!) + 1]!),
    };
    drawFrames(this.#frames, scene);
    this.#painted = { scene, tree };
  }

  /** `hovered` is a box, `selected` a node of the tree painted last. */
  paintMarks(hovered: number, selected: number | null, hasFocus: boolean): void {
    if (!this.#painted) return;
    const { scene, tree } = this.#painted;
    // Most of the time there is nothing to mark, and a layer that is not there costs the browser nothing.
    const isEmpty = hovered < 0 && selected === null;
    this.#elements.marks.hidden = isEmpty;
    if (isEmpty) return;
    const selectedBox = selected === null ? -1 : boxOfNode(this.boxes, tree, selected);
    drawMarks(this.#marks, scene, { hovered, selected: selectedBox, hasFocus, kin: this.#kinOf(tree, hovered) });
  }

  /** Boxes of the same function. */
  #kinOf(tree: CallTree, hovered: number): number[] {
    if (hovered < 0 || this.boxes.frames[hovered]! > 1) return [];
    const key = tree.key[this.boxes.node[hovered]!]!;
    const kin: number[] = [];
    if (!isFunctionKey(key)) return kin;
    for (let box = 0; box < this.boxes.count; box++) {
      if (tree.key[this.boxes.node[box]!] === key && this.boxes.frames[box] === 1) kin.push(box);
    }
    return kin;
  }

  #makeLabels(): LabelFitter {
    const context = this.#frames;
    const family = getComputedStyle(this.#elements.scroller).getPropertyValue('--font-ui').trim() || 'sans-serif';
    const font = `${FONT_PX}px ${family}`;
    this.#font = font;
    return new LabelFitter((text) => {
      context.font = font;
      context.fontKerning = 'none';
      return context.measureText(text).width;
    });
  }
}

function contextOf(canvas: HTMLCanvasElement, settings: CanvasRenderingContext2DSettings): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new Error('a canvas has no 2D context');
  return context;
}
