/** A profile as the tree that a flame graph draws: all, then processes, then functions, root first. */
import type { FrameDef, ModuleDef } from '../../../remote-agent/protocol/index.ts';
import type { CollectedProfile } from '../profile/collect-profile.ts';
import type { FlameKind } from './flame-kinds.ts';
import { functionName } from '../profile/function-name.ts';

export interface FlameNode {
  readonly name: string;
  /** Path of the file that it is in; '' where it has none. */
  readonly file: string;
  readonly kind: FlameKind;
  /** Of it and of what it called. */
  samples: number;
  readonly children: Map<string, FlameNode>;
}

type Face = Pick<FlameNode, 'name' | 'file' | 'kind'>;

/** Functions of one name and file are one box below one parent, as in the window. */
export function flameTree({ entries, tables }: CollectedProfile): FlameNode {
  const root = node({ name: 'all', file: '', kind: 'process' });
  const faces = new Map<number, Face>();
  const faceOf = (frame: number): Face => {
    let face = faces.get(frame);
    if (!face) {
      face = frameFace(tables.frames[frame], tables.moduleOf(frame));
      faces.set(frame, face);
    }
    return face;
  };
  for (const { thread, stack, samples } of entries) {
    const process = tables.processOf(thread);
    const path: Face[] = [
      { name: `${process?.comm || '[unknown]'} (${process?.pid ?? '?'})`, file: process?.exe ?? '', kind: 'process' },
      ...tables.leafToRoot(stack).toReversed().map(faceOf),
    ];
    if (stack === 0) path.push({ name: '[no stack]', file: '', kind: 'unknown' });
    add(root, path, samples);
  }
  return root;
}

function add(root: FlameNode, path: readonly Face[], samples: number): void {
  let here = root;
  here.samples += samples;
  for (const face of path) {
    const key = `${face.name}\0${face.file}`;
    let child = here.children.get(key);
    if (!child) {
      child = node(face);
      here.children.set(key, child);
    }
    child.samples += samples;
    here = child;
  }
}

function node(face: Face): FlameNode {
  return { ...face, samples: 0, children: new Map() };
}

function frameFace(frame: FrameDef | undefined, module: ModuleDef | undefined): Face {
  return { name: functionName(frame, module), file: module?.path ?? '', kind: kindOf(frame, module) };
}

function kindOf(frame: FrameDef | undefined, module: ModuleDef | undefined): FlameKind {
  if (frame?.interpreted || module?.kind === 'jit') return 'interpreted';
  if (module?.kind === 'executable') return 'application';
  if (module?.kind === 'vdso') return 'library';
  return module?.kind ?? 'unknown';
}

/** By name, so that two pictures of the same program look alike. */
export function childrenOf({ children }: FlameNode): FlameNode[] {
  return [...children.values()].toSorted((a, b) => compare(a.name, b.name) || compare(a.file, b.file));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
