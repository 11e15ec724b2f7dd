import type { Placement } from './placement.ts';
import { type CallTree, ROOT } from './tree.ts';

/** The part of configuration space that is shown: fractions of the whole width. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const WHOLE_SPAN: Span = { from: 0, to: 1 };

export interface BoxesRequest extends Span {
  /** Width of the picture in CSS pixels. */
  readonly widthPx: number;
  /** Narrower frames are put together with their neighbours in the row. */
  readonly smallestPx: number;
  /** Rows to make boxes for, by depth; both included. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** 1 for nodes to mark, as in TreeMatches; null = none. */
  readonly mask: Uint8Array | null;
}

/**
 * What there is to draw; within a row from left to right and never overlapping.
 *
 *   frames = 1   one frame: `node`
 *   frames > 1   that many neighbours, each too narrow to be seen, `node` the first of them
 */
export interface Boxes {
  count: number;
  node: Uint32Array;
  frames: Uint32Array;
  row: Uint32Array;
  /** CSS pixels from the left edge of the picture; may lie outside it. */
  left: Float64Array;
  right: Float64Array;
  /** Share of all, 0..1: where frames were put together less than left and right say, which enclose the gaps. */
  share: Float64Array;
  /** 1 if the frame, or one of those put together, is marked. */
  marked: Uint8Array;
}

export function emptyBoxes(capacity = 4096): Boxes {
  return {
    count: 0,
    node: new Uint32Array(capacity),
    frames: new Uint32Array(capacity),
    row: new Uint32Array(capacity),
    left: new Float64Array(capacity),
    right: new Float64Array(capacity),
    share: new Float64Array(capacity),
    marked: new Uint8Array(capacity),
  };
}

/** Fills `boxes` and returns it. Subtrees outside the span or below the last row are stepped over whole. */
export function layOut(tree: CallTree, placement: Placement, request: BoxesRequest, boxes: Boxes): Boxes {
  const { start, width } = placement;
  const { from, widthPx, smallestPx, firstRow, lastRow, mask } = request;
  const { end, depth, parent } = tree;
  const scale = widthPx / (request.to - from);
  /** Last box of each row if it may still grow, else -1. */
  const growing = new Int32Array(tree.height).fill(-1);
  boxes.count = 0;
  for (let node = ROOT; node < tree.count; ) {
    const row = depth[node]!;
    const left = (start[node]! - from) * scale;
    const right = left + width[node]! * scale;
    if (left >= widthPx && node !== ROOT) {
      // All that follows below the same parent is outside, too.
      node = end[parent[node]!]!;
      continue;
    }
    if (right <= 0 || row > lastRow || width[node] === 0) {
      node = end[node]!;
      continue;
    }
    if (row >= firstRow) {
      const isTiny = right - left < smallestPx;
      const last = growing[row]!;
      const box =
        isTiny && last >= 0 && left - boxes.right[last]! < smallestPx / 2 ? last : push(boxes, node, row, left);
      growing[row] = isTiny ? box : -1;
      boxes.right[box] = right;
      boxes.frames[box]!++;
      boxes.share[box] = boxes.share[box]! + width[node]!;
      if (mask !== null && mask[node] === 1) boxes.marked[box] = 1;
    }
    node++;
  }
  return boxes;
}

/** A box without frames yet. */
function push(boxes: Boxes, node: number, row: number, left: number): number {
  const box = boxes.count++;
  if (box >= boxes.node.length) grow(boxes);
  boxes.node[box] = node;
  boxes.frames[box] = 0;
  boxes.row[box] = row;
  boxes.left[box] = left;
  boxes.share[box] = 0;
  boxes.marked[box] = 0;
  return box;
}

const COLUMNS = ['node', 'frames', 'row', 'left', 'right', 'share', 'marked'] as const;

function grow(boxes: Boxes): void {
  const larger = emptyBoxes(boxes.node.length * 2);
  for (const column of COLUMNS) larger[column].set(boxes[column]);
  Object.assign(boxes, { ...larger, count: boxes.count });
}

/** The box at a place, -1 for none. Boxes are a few thousand at most. */
export function boxAt(boxes: Boxes, row: number, x: number): number {
  for (let box = 0; box < boxes.count; box++) {
    if (boxes.row[box] === row && x >= boxes.left[box]! && x < boxes.right[box]!) return box;
  }
  return -1;
}

/** The box in which a node is drawn, -1 for none: by itself, or as one of a run of tiny ones. */
export function boxOfNode(boxes: Boxes, tree: CallTree, node: number): number {
  let run = -1;
  for (let box = 0; box < boxes.count; box++) {
    if (boxes.node[box] === node) return box;
    if (boxes.row[box] === tree.depth[node] && boxes.frames[box]! > 1 && boxes.node[box]! < node) run = box;
  }
  return run;
}
