import {
  absoluteIn,
  type CallTree,
  enclosing,
  type FunctionTable,
  followPath,
  isWhole,
  type NodePath,
  type Placement,
  pathOf,
  place,
  placementBefore,
  ROOT,
  relativeTo,
  type Span,
  spanOf,
  WHOLE_SPAN,
} from '../../derive/index.ts';
import { PlacementMotion, SpanMotion } from './motion.ts';

/** Above this finding and moving every frame would take longer than the motion's own frames last. */
const MOST_MOVING_NODES = 300_000;
const HISTORY = 100;

/** What is looked at, told by names: it means the same place after every update. */
interface Anchor {
  readonly path: NodePath;
  /** Of the frame at the path's end. */
  readonly relative: Span;
  /** Scrolled away from the root's edge. */
  readonly fromRootPx: number;
}

const EVERYTHING: Anchor = { path: [], relative: WHOLE_SPAN, fromRootPx: 0 };

/**
 * Which part of the tree is in sight, on its way to where it was sent. New trees come in under it: it stays on the
 * frame it is on, and waits at the nearest caller while that frame has no samples.
 */
export class Camera {
  #tree: CallTree | null = null;
  #functions: FunctionTable | null = null;
  #placement: PlacementMotion | null = null;
  readonly #span = new SpanMotion(WHOLE_SPAN);
  #anchor = EVERYTHING;
  readonly #history: Anchor[] = [];

  /** Where the span is going. */
  get targetSpan(): Span {
    return this.#span.target;
  }

  get targetPlacement(): Placement | null {
    return this.#placement?.target ?? null;
  }

  /** The frame that was zoomed to, or the nearest of its callers that has samples. */
  zoomedNode(): number {
    return this.#tree ? this.#follow(this.#tree, this.#anchor.path).node : ROOT;
  }

  /** Path that was zoomed to, also while it has no samples. */
  get wantedPath(): NodePath {
    return this.#anchor.path;
  }

  spanAt(nowMs: number): Span {
    return this.#span.at(nowMs);
  }

  placementAt(nowMs: number): Placement | null {
    return this.#placement?.at(nowMs) ?? null;
  }

  isMoving(nowMs: number): boolean {
    return this.#span.isMoving(nowMs) || (this.#placement?.isMoving(nowMs) ?? false);
  }

  show(tree: CallTree, functions: FunctionTable, nowMs: number, isSudden: boolean): void {
    const before = isSudden ? null : this.#before(tree, functions, nowMs);
    this.#tree = tree;
    this.#functions = functions;
    const placement = place(tree);
    if (this.#placement) this.#placement.go(placement, before, nowMs);
    else this.#placement = new PlacementMotion(placement);
    this.#span.go(this.#resolve(this.#anchor), nowMs, before === null);
  }

  zoomTo(node: number, fromRootPx: number, nowMs: number, isSudden: boolean): void {
    if (!this.#tree || !this.#placement) return;
    this.#go({ path: pathOf(this.#tree, node), relative: WHOLE_SPAN, fromRootPx }, fromRootPx, nowMs, isSudden);
  }

  lookAt(span: Span, fromRootPx: number, nowMs: number, isSudden: boolean): void {
    this.#go(this.#anchorAt(span, fromRootPx), fromRootPx, nowMs, isSudden);
  }

  /** A step of a gesture: only the first of them is worth going back to. */
  slideTo(span: Span, fromRootPx: number, nowMs: number, isFirst: boolean): void {
    const target = this.#span.target;
    if (span.from === target.from && span.to === target.to) return;
    if (isFirst) this.#remember(fromRootPx);
    this.#anchor = this.#anchorAt(span, fromRootPx);
    this.#span.go(span, nowMs, true);
  }

  get canGoBack(): boolean {
    return this.#history.length > 0;
  }

  /** Returns how far to scroll from the root's edge; null if there is nothing to go back to. */
  back(nowMs: number, isSudden: boolean): number | null {
    const anchor = this.#history.pop();
    if (!anchor) return null;
    this.#anchor = anchor;
    this.#span.go(this.#resolve(anchor), nowMs, isSudden);
    return anchor.fromRootPx;
  }

  #go(anchor: Anchor, fromRootPx: number, nowMs: number, isSudden: boolean): void {
    const span = this.#resolve(anchor);
    const target = this.#span.target;
    if (span.from !== target.from || span.to !== target.to) this.#remember(fromRootPx);
    this.#anchor = anchor;
    this.#span.go(span, nowMs, isSudden);
  }

  #remember(fromRootPx: number): void {
    this.#history.push({ ...this.#anchor, fromRootPx });
    if (this.#history.length > HISTORY) this.#history.shift();
  }

  #before(tree: CallTree, functions: FunctionTable, nowMs: number): Placement | null {
    if (!this.#tree || !this.#placement || Math.max(tree.count, this.#tree.count) > MOST_MOVING_NODES) return null;
    // From or to nothing there is no motion to see.
    if (this.#tree.total[ROOT] === 0 || tree.total[ROOT] === 0) return null;
    return placementBefore(tree, { tree: this.#tree, placement: this.#placement.at(nowMs) }, functions.rank);
  }

  #anchorAt(span: Span, fromRootPx: number): Anchor {
    if (!this.#tree || !this.#placement || isWhole(span)) return { ...EVERYTHING, fromRootPx };
    const node = enclosing(this.#tree, this.#placement.target, span);
    const relative = relativeTo(spanOf(this.#placement.target, node), span);
    return { path: pathOf(this.#tree, node), relative, fromRootPx };
  }

  #resolve({ path, relative }: Anchor): Span {
    if (!this.#tree || !this.#placement) return WHOLE_SPAN;
    const { node, isWhole: isThere } = this.#follow(this.#tree, path);
    const span = spanOf(this.#placement.target, node);
    return isThere ? absoluteIn(span, relative) : span;
  }

  #follow(tree: CallTree, path: NodePath) {
    return followPath(tree, path, this.#functions?.renamed);
  }
}
