import { bytesOf, type FlowMap, type Health, type MapNode } from '../../../derive/flows/index.ts';

/** Where nodes and links lie, in CSS pixels from the upper left corner of the canvas. */
export interface MapLayout {
  readonly left: readonly PlacedNode[];
  readonly right: readonly PlacedNode[];
  readonly ribbons: readonly Ribbon[];
  /** Inner edges of the bars, between which the ribbons run. */
  readonly fromX: number;
  readonly toX: number;
}

export interface PlacedNode {
  readonly node: MapNode;
  readonly top: number;
  readonly height: number;
}

export interface Ribbon {
  /** Number of the link. */
  readonly link: number;
  readonly health: Health;
  /** Upper edges, and how thick it is at each end. */
  readonly leftTop: number;
  readonly leftHeight: number;
  readonly rightTop: number;
  readonly rightHeight: number;
}

export const BAR_PX = 8;
const PADDING_PX = 8;
const GAP_PX = 5;
/** Room for a name beside the smallest node. */
const LEAST_NODE_PX = 15;
/** A link of few bytes can still be seen. */
const LEAST_RIBBON_PX = 1;
/** Names get so much of the width on each side. */
const LABEL_SHARE = 0.27;
const LABEL_MOST_PX = 270;

/** How many nodes there is room for on each side. */
export function mostNodes(heightPx: number): number {
  return Math.max(3, Math.floor((heightPx - 2 * PADDING_PX + GAP_PX) / (LEAST_NODE_PX + GAP_PX + 3)));
}

export function layOutMap(map: FlowMap, widthPx: number, heightPx: number): MapLayout {
  const labelPx = Math.min(LABEL_MOST_PX, widthPx * LABEL_SHARE);
  const weights = weightsOf(map);
  const left = placed(map.left, weights.left, heightPx);
  const right = placed(map.right, weights.right, heightPx);
  return {
    left,
    right,
    ribbons: ribbonsOf(map, weights, left, right),
    fromX: labelPx + BAR_PX,
    toX: widthPx - labelPx - BAR_PX,
  };
}

interface Weights {
  readonly link: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Bytes, and for each flow a little besides: what carried nothing, as a refused connection, is there all the same. */
function weightsOf({ left, right, links, bytes }: FlowMap): Weights {
  const flows = links.reduce((sum, link) => sum + link.flows, 0);
  const each = bytes > 0 ? bytes / (flows * 2000) : 1;
  const weights = { link: links.map(() => 0), left: left.map(() => 0), right: right.map(() => 0) };
  for (const [at, link] of links.entries()) {
    const weight = bytesOf(link) + link.flows * each;
    weights.link[at] = weight;
    weights.left[link.left] = weights.left[link.left]! + weight;
    weights.right[link.right] = weights.right[link.right]! + weight;
  }
  return weights;
}

/** Every node gets room for its name; what is left over is shared by weight. */
function placed(nodes: readonly MapNode[], weights: readonly number[], heightPx: number): PlacedNode[] {
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  const room = heightPx - 2 * PADDING_PX - GAP_PX * Math.max(0, nodes.length - 1);
  const shared = Math.max(0, room - nodes.length * LEAST_NODE_PX);
  let top = PADDING_PX;
  return nodes.map((node, at) => {
    const height = LEAST_NODE_PX + (shared * weights[at]!) / sum;
    const place = { node, top, height };
    top += height + GAP_PX;
    return place;
  });
}

/** On each node the ribbons lie in the order of their other ends, so that they cross as little as they can. */
function ribbonsOf(
  { links }: FlowMap,
  weights: Weights,
  left: readonly PlacedNode[],
  right: readonly PlacedNode[],
): Ribbon[] {
  const [leftUsed, rightUsed] = [left.map(() => 0), right.map(() => 0)];
  const order = links.map((_, at) => at);
  const leftTops = new Float64Array(links.length);
  const rightTops = new Float64Array(links.length);
  const heightAt = (at: number, node: PlacedNode, nodeWeight: number) => (weights.link[at]! / nodeWeight) * node.height;
  for (const at of order.toSorted((a, b) => links[a]!.right - links[b]!.right)) {
    const number = links[at]!.left;
    leftTops[at] = left[number]!.top + leftUsed[number]!;
    leftUsed[number] = leftUsed[number]! + heightAt(at, left[number]!, weights.left[number]!);
  }
  for (const at of order.toSorted((a, b) => links[a]!.left - links[b]!.left)) {
    const number = links[at]!.right;
    rightTops[at] = right[number]!.top + rightUsed[number]!;
    rightUsed[number] = rightUsed[number]! + heightAt(at, right[number]!, weights.right[number]!);
  }
  return links.map((link, at) => ({
    link: at,
    health: link.health,
    leftTop: leftTops[at]!,
    leftHeight: Math.max(LEAST_RIBBON_PX, heightAt(at, left[link.left]!, weights.left[link.left]!)),
    rightTop: rightTops[at]!,
    rightHeight: Math.max(LEAST_RIBBON_PX, heightAt(at, right[link.right]!, weights.right[link.right]!)),
  }));
}

/** A part of the map. */
export type MapTarget =
  | { readonly kind: 'left'; readonly at: number }
  | { readonly kind: 'right'; readonly at: number }
  | { readonly kind: 'link'; readonly at: number };

const REACH_PX = 2;

/** What lies under a point; of ribbons the thinnest, because it can be hit nowhere else. */
export function targetAt(layout: MapLayout, x: number, y: number): MapTarget | null {
  if (x <= layout.fromX) return nodeAt(layout.left, y, 'left');
  if (x >= layout.toX) return nodeAt(layout.right, y, 'right');
  let [best, thinnest] = [-1, Number.POSITIVE_INFINITY];
  const share = riseAt((x - layout.fromX) / (layout.toX - layout.fromX));
  for (const { link, leftTop, leftHeight, rightTop, rightHeight } of layout.ribbons) {
    const top = leftTop + (rightTop - leftTop) * share;
    const height = leftHeight + (rightHeight - leftHeight) * share;
    if (y < top - REACH_PX || y > top + height + REACH_PX || height >= thinnest) continue;
    [best, thinnest] = [link, height];
  }
  return best < 0 ? null : { kind: 'link', at: best };
}

function nodeAt(nodes: readonly PlacedNode[], y: number, kind: 'left' | 'right'): MapTarget | null {
  const at = nodes.findIndex(({ top, height }) => y >= top - GAP_PX / 2 && y < top + height + GAP_PX / 2);
  return at < 0 ? null : { kind, at };
}

const STEPS = 24;

/**
 * How far a ribbon has risen at a share of its way. It is drawn as a cubic curve whose handles are in the middle:
 * along it x is 1.5t(1 − t) + t³ and y is 3t² − 2t³.
 */
function riseAt(share: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (1.5 * middle * (1 - middle) + middle ** 3 < share) low = middle;
    else high = middle;
  }
  return 3 * low ** 2 - 2 * low ** 3;
}

export function isPartOf(map: FlowMap, link: number, target: MapTarget): boolean {
  if (target.kind === 'link') return target.at === link;
  return map.links[link]?.[target.kind] === target.at;
}
