import {
  boxAt,
  boxOfNode,
  followPath,
  type NodePath,
  panned,
  pathOf,
  ROOT,
  type Span,
  spanOf,
  spanShowing,
  stepFrom,
  zoomed,
} from '../../derive/index.ts';
import { Camera } from './camera.ts';
import { type Hover, HoverTracker } from './hover.ts';
import type { FlameCommand } from './keys.ts';
import { type FlameInput, Painter } from './painter.ts';
import { type PointerPlace, watchPointer } from './pointer.ts';
import { type FlameElements, Surface } from './surface.ts';
import { onThemeChange } from '../../theme/theme-reader.ts';

/** A frame that is to be shown is made at least this wide. */
const REVEALED_PX = 24;
/** Rows of callers that stay in sight above a zoomed frame. */
const CALLER_ROWS = 3;
const KEY_ZOOM = 0.5;
const KEY_PAN = 0.2;
const KEY_SCROLL_PX = 120;

export interface FlameEvents {
  onHover(hover: Hover | null): void;
  /** null = nothing is selected, or what is has no samples now. */
  onSelect(node: number | null): void;
  /** `wanted` was zoomed to, also while it has no samples; `viewTotal`: samples of the frame that fills the picture. */
  onZoom(wanted: NodePath, canGoBack: boolean, viewTotal: number): void;
  onMenu(node: number, clientX: number, clientY: number): void;
}

/**
 * The flame graph without React: takes input, listens to mouse and wheel, draws when something changed. Nothing here
 * runs while nothing moves.
 */
export class FlameController {
  readonly #elements: FlameElements;
  readonly #events: FlameEvents;
  readonly #surface: Surface;
  readonly #camera = new Camera();
  readonly #painter: Painter;
  readonly #hover: HoverTracker;
  readonly #closers: (() => void)[] = [];
  #input: FlameInput | null = null;
  #selected: NodePath | null = null;
  #framesDirty = false;
  #request = 0;

  constructor(elements: FlameElements, events: FlameEvents) {
    this.#elements = elements;
    this.#events = events;
    this.#painter = new Painter(elements);
    this.#surface = new Surface(elements, () => this.#invalidate());
    this.#hover = new HoverTracker(this.#painter, this.#surface, this.#camera, (hover) => {
      elements.frames.style.cursor = hover ? 'pointer' : '';
      events.onHover(hover);
    });
    this.#closers.push(
      () => this.#surface.close(),
      onThemeChange(() => {
        this.#painter.readTheme();
        this.#invalidate();
      }),
      watchPointer(elements.frames, {
        move: (at) => this.#pointAt(at),
        leave: () => this.#pointAt(null),
        press: (at) => this.#press(at),
        menu: (at) => this.#openMenu(at),
        drag: (dx, dy, isFirst) => this.#drag(dx, dy, isFirst),
        zoom: (factor, x, isFirst) => this.#zoomAt(factor, x, isFirst),
        pan: (dx, isFirst) => this.#drag(-dx, 0, isFirst),
      }),
    );
  }

  close(): void {
    cancelAnimationFrame(this.#request);
    for (const close of this.#closers) close();
  }

  update(input: FlameInput): void {
    if (this.#input && sameDrawing(input, this.#input)) return;
    const isNewTree = input.tree !== this.#input?.tree;
    const isTurned = this.#input !== null && input.rootOnTop !== this.#input.rootOnTop;
    this.#input = input;
    this.#surface.setRows(input.tree.height, input.rootOnTop);
    if (isNewTree) {
      this.#camera.show(input.tree, input.functions, performance.now(), !input.isAnimated || this.#isCalm());
      this.#tellZoom();
      this.#events.onSelect(this.selectedNode());
    }
    if (isTurned) this.#surface.scrollTo(this.#surface.fromRootPx);
    this.#invalidate();
  }

  /** The outline of the selected frame tells where the keyboard is. */
  refreshMarks(): void {
    this.#schedule();
  }

  selectedNode(): number | null {
    if (!this.#input || !this.#selected) return null;
    const { node, isWhole } = followPath(this.#input.tree, this.#selected, this.#input.functions.renamed);
    return isWhole ? node : null;
  }

  select(node: number | null): void {
    if (!this.#input) return;
    this.#selected = node === null ? null : pathOf(this.#input.tree, node);
    this.#events.onSelect(node);
    this.#invalidate();
  }

  zoomTo(node: number): void {
    if (!this.#input) return;
    const fromRoot = this.#surface.fromRootPx;
    this.#camera.zoomTo(node, fromRoot, performance.now(), this.#isCalm());
    this.#surface.scrollTo(this.#surface.scrollFor(this.#input.tree.depth[node]!, CALLER_ROWS));
    this.#moved();
  }

  /** Selects a frame and brings it into sight, moving no more than needed. */
  reveal(node: number): void {
    const placement = this.#camera.targetPlacement;
    if (!this.#input || !placement) return;
    this.select(node);
    const share = REVEALED_PX / Math.max(REVEALED_PX, this.#surface.widthPx);
    const span = spanShowing(this.#input.tree, placement, this.#camera.targetSpan, node, share);
    const fromRoot = this.#surface.fromRootPx;
    if (span) this.#camera.lookAt(span, fromRoot, performance.now(), this.#isCalm());
    this.#surface.scrollTo(this.#surface.scrollFor(this.#input.tree.depth[node]!, CALLER_ROWS));
    this.#moved();
  }

  back(): void {
    const fromRoot = this.#camera.back(performance.now(), this.#isCalm());
    if (fromRoot !== null) this.#surface.scrollTo(fromRoot);
    this.#moved();
  }

  /** Commands that are not about this picture are for someone else. */
  run(command: FlameCommand): boolean {
    switch (command) {
      case 'caller':
      case 'callee':
      case 'previous':
      case 'next':
        this.#step(command);
        return true;
      case 'zoom':
        this.zoomTo(this.selectedNode() ?? ROOT);
        return true;
      case 'back':
        this.back();
        return true;
      case 'reset':
        this.zoomTo(ROOT);
        this.#surface.scrollTo(0);
        return true;
      case 'closer':
      case 'farther':
        this.#keyZoom(command === 'closer' ? KEY_ZOOM : 1 / KEY_ZOOM);
        return true;
      case 'pan-left':
      case 'pan-right':
        this.#look(panned(this.#camera.targetSpan, command === 'pan-left' ? -KEY_PAN : KEY_PAN));
        return true;
      case 'pan-up':
      case 'pan-down':
        this.#elements.scroller.scrollTop += command === 'pan-up' ? -KEY_SCROLL_PX : KEY_SCROLL_PX;
        return true;
      case 'menu':
        this.#menuOfSelected();
        return true;
      default:
        return false;
    }
  }

  #step(step: 'caller' | 'callee' | 'previous' | 'next'): void {
    if (!this.#input) return;
    const from = this.selectedNode() ?? this.#camera.zoomedNode();
    const to = this.#selected === null ? from : stepFrom(this.#input.tree, from, step);
    if (to !== null) this.reveal(to);
  }

  #keyZoom(factor: number): void {
    const selected = this.selectedNode();
    const placement = this.#camera.targetPlacement;
    const view = this.#camera.targetSpan;
    let at = 0.5;
    if (selected !== null && placement) {
      const own = spanOf(placement, selected);
      at = ((own.from + own.to) / 2 - view.from) / (view.to - view.from);
    }
    this.#look(zoomed(view, factor, Math.min(1, Math.max(0, at))));
  }

  #look(span: Span): void {
    this.#camera.lookAt(span, this.#surface.fromRootPx, performance.now(), this.#isCalm());
    this.#moved();
  }

  #drag(dx: number, dy: number, isFirst: boolean): void {
    const by = -dx / Math.max(1, this.#surface.widthPx);
    const from = this.#surface.fromRootPx;
    this.#camera.slideTo(panned(this.#camera.targetSpan, by), from, performance.now(), isFirst);
    if (dy !== 0) this.#elements.scroller.scrollTop -= dy;
    this.#moved();
  }

  #zoomAt(factor: number, x: number, isFirst: boolean): void {
    const span = zoomed(this.#camera.spanAt(performance.now()), factor, x / Math.max(1, this.#surface.widthPx));
    this.#camera.slideTo(span, this.#surface.fromRootPx, performance.now(), isFirst);
    this.#moved();
  }

  #press(at: PointerPlace): void {
    const box = boxAt(this.#painter.boxes, this.#surface.rowAt(at.y), at.x);
    if (box < 0) return;
    // What is under the pointer now moves away: no tooltip until the hand moves.
    this.#pointAt(null);
    if (this.#painter.boxes.frames[box]! > 1) {
      // Closer to all of them: they have no common frame to zoom to, so the place itself is what is meant.
      const view = this.#camera.targetSpan;
      const scale = (view.to - view.from) / this.#surface.widthPx;
      const [left, right] = [this.#painter.boxes.left[box]!, this.#painter.boxes.right[box]!];
      this.#look({ from: view.from + left * scale, to: view.from + right * scale });
      return;
    }
    this.select(this.#painter.boxes.node[box]!);
    this.zoomTo(this.#painter.boxes.node[box]!);
  }

  #openMenu(at: PointerPlace): void {
    const box = boxAt(this.#painter.boxes, this.#surface.rowAt(at.y), at.x);
    if (box < 0 || this.#painter.boxes.frames[box]! > 1) return;
    this.select(this.#painter.boxes.node[box]!);
    this.#events.onMenu(this.#painter.boxes.node[box]!, at.clientX, at.clientY);
  }

  #menuOfSelected(): void {
    const node = this.selectedNode();
    if (node === null || !this.#input) return;
    const box = boxOfNode(this.#painter.boxes, this.#input.tree, node);
    const frame = this.#elements.frames.getBoundingClientRect();
    const left = box < 0 ? 0 : Math.max(0, this.#painter.boxes.left[box]!);
    const top = this.#surface.topOf(this.#input.tree.depth[node]!);
    this.#events.onMenu(node, frame.left + left + 8, frame.top + top + 16);
  }

  #pointAt(at: PointerPlace | null): void {
    this.#hover.point(at);
    this.#schedule();
  }

  #moved(): void {
    this.#tellZoom();
    this.#invalidate();
  }

  #tellZoom(): void {
    const viewTotal = this.#input?.tree.total[this.#camera.zoomedNode()] ?? 0;
    this.#events.onZoom(this.#camera.wantedPath, this.#camera.canGoBack, viewTotal);
  }

  #invalidate(): void {
    this.#framesDirty = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#request ||= requestAnimationFrame((nowMs) => {
      this.#request = 0;
      this.#draw(nowMs);
    });
  }

  #draw(nowMs: number): void {
    if (!this.#input || this.#surface.widthPx === 0) return;
    if (this.#framesDirty) {
      this.#framesDirty = false;
      this.#painter.paintFrames(this.#input, this.#camera, this.#surface, nowMs);
      this.#hover.refresh();
    }
    this.#painter.paintMarks(this.#hover.box, this.selectedNode(), document.activeElement === this.#elements.frames);
    if (this.#camera.isMoving(nowMs)) this.#invalidate();
  }

  #isCalm(): boolean {
    return document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches;
  }
}

const DRAWN: readonly (keyof FlameInput)[] = [
  'tree',
  'names',
  'functions',
  'rootOnTop',
  'matches',
  'dimmed',
  'changes',
];

function sameDrawing(a: FlameInput, b: FlameInput): boolean {
  return DRAWN.every((field) => a[field] === b[field]);
}
