import { boxAt, type CallTree } from '../../derive/index.ts';
import type { Camera } from './camera.ts';
import type { Painter } from './painter.ts';
import type { PointerPlace } from './pointer.ts';
import type { Surface } from './surface.ts';

export interface Hover {
  /** The tree on the screen, to which `node` belongs. */
  readonly tree: CallTree;
  readonly node: number;
  /** More than one: tiny frames put together, `node` the first. */
  readonly frames: number;
  readonly share: number;
  /** Samples of the frame that fills the picture. */
  readonly viewTotal: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** What the pointer is on: asked anew when it moves, and when the picture moves away under it. */
export class HoverTracker {
  readonly #painter: Painter;
  readonly #surface: Surface;
  readonly #camera: Camera;
  readonly #tell: (hover: Hover | null) => void;
  #pointer: PointerPlace | null = null;
  #hover: Hover | null = null;
  #box = -1;

  constructor(painter: Painter, surface: Surface, camera: Camera, tell: (hover: Hover | null) => void) {
    this.#painter = painter;
    this.#surface = surface;
    this.#camera = camera;
    this.#tell = tell;
  }

  /** -1 = none. */
  get box(): number {
    return this.#box;
  }

  point(at: PointerPlace | null): void {
    this.#pointer = at;
    this.refresh();
  }

  refresh(): void {
    const hover = this.#find();
    if (sameHover(hover, this.#hover)) return;
    this.#hover = hover;
    this.#tell(hover);
  }

  #find(): Hover | null {
    const at = this.#pointer;
    const tree = this.#painter.paintedTree;
    const { boxes } = this.#painter;
    this.#box = at && tree ? boxAt(boxes, this.#surface.rowAt(at.y), at.x) : -1;
    if (!at || !tree || this.#box < 0) return null;
    return {
      tree,
      node: boxes.node[this.#box]!,
      frames: boxes.frames[this.#box]!,
      share: boxes.share[this.#box]!,
      viewTotal: tree.total[this.#camera.zoomedNode()] ?? 0,
      clientX: at.clientX,
      clientY: at.clientY,
    };
  }
}

const FIELDS: readonly (keyof Hover)[] = ['tree', 'node', 'frames', 'share', 'viewTotal', 'clientX', 'clientY'];

function sameHover(a: Hover | null, b: Hover | null): boolean {
  if (a === null || b === null) return a === b;
  return FIELDS.every((field) => a[field] === b[field]);
}
