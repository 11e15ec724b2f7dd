/**
 * What a node of a tree stands for, in one u32, so that trees are columns and paths are plain arrays of numbers.
 *
 *   0 … 0x7fffffff           a function of the FunctionTable
 *   0x80000000 + process id  a process
 *   0xc0000000 + thread id   a thread
 *   0xffffffff               the root: all of what was selected
 */
export type NodeKey = number;

/** Functions, processes and threads from the root downwards; the root itself is not in it. */
export type NodePath = readonly NodeKey[];

const FIRST_PROCESS = 0x80000000;
const FIRST_THREAD = 0xc0000000;
export const ROOT_KEY: NodeKey = 0xffffffff;

export type NodeMeaning =
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'process'; readonly id: number }
  | { readonly kind: 'thread'; readonly id: number }
  | { readonly kind: 'root' };

export function processKey(process: number): NodeKey {
  return FIRST_PROCESS + process;
}

export function threadKey(thread: number): NodeKey {
  return FIRST_THREAD + thread;
}

export function isFunctionKey(key: NodeKey): boolean {
  return key < FIRST_PROCESS;
}

export function meaningOf(key: NodeKey): NodeMeaning {
  if (key < FIRST_PROCESS) return { kind: 'function', id: key };
  if (key === ROOT_KEY) return { kind: 'root' };
  if (key < FIRST_THREAD) return { kind: 'process', id: key - FIRST_PROCESS };
  return { kind: 'thread', id: key - FIRST_THREAD };
}

export function samePath(a: NodePath | null, b: NodePath | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((key, i) => key === b[i]);
}
