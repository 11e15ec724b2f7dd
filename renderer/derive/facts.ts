import type { FrameKind } from './kind.ts';
import type { Names } from './names.ts';
import { meaningOf } from './node-key.ts';
import { type CallTree, lineage, ROOT } from './tree.ts';

/** All there is to say of one frame of a picture. Numbers are samples, shares 0..1. */
export interface FrameFacts {
  readonly what: 'function' | 'process' | 'thread' | 'root';
  readonly name: string;
  readonly isNamed: boolean;
  /** null for what is not a function. */
  readonly kind: FrameKind | null;
  readonly modulePath: string;
  /** Of the frame's stack; '' where stacks of several are put together. */
  readonly process: string;
  readonly thread: string;
  readonly self: number;
  readonly total: number;
  /** Of the zoomed frame. */
  readonly shareOfView: number;
  /** Of everything in the range and filter. */
  readonly shareOfAll: number;
  readonly selfShareOfAll: number;
  readonly depth: number;
}

/** `viewTotal`: samples of the zoomed frame; `all`: of the whole selection (a sandwich's tree holds only a part of it). */
export function frameFacts(
  tree: CallTree,
  node: number,
  names: Names,
  { viewTotal, all }: { readonly viewTotal: number; readonly all: number },
): FrameFacts {
  const key = tree.key[node]!;
  const owners = lineage(tree, node).map((at) => tree.key[at]!);
  const ownerName = (kind: 'process' | 'thread') => {
    const owner = owners.find((each) => meaningOf(each).kind === kind);
    return owner === undefined ? '' : names.name(owner);
  };
  const total = tree.total[node]!;
  return {
    what: meaningOf(key).kind,
    name: names.name(key),
    isNamed: names.isNamed(key),
    kind: names.kind(key),
    modulePath: names.modulePath(key),
    process: ownerName('process'),
    thread: ownerName('thread'),
    self: tree.self[node]!,
    total,
    shareOfView: viewTotal > 0 ? Math.min(1, total / viewTotal) : 0,
    shareOfAll: all > 0 ? total / all : 0,
    selfShareOfAll: all > 0 ? tree.self[node]! / all : 0,
    depth: tree.depth[node]! - ROOT,
  };
}
