import type { FrameDef, ModuleDef } from '../../remote-agent/protocol/signal.ts';

/** Whose code a function is. The place in this list is what columns hold; the names are those of the theme's colours. */
export const FRAME_KINDS = ['kernel', 'library', 'application', 'interpreted', 'unknown'] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export function kindOf(frame: FrameDef, module: ModuleDef | undefined): FrameKind {
  if (frame.interpreted) return 'interpreted';
  switch (module?.kind) {
    case 'kernel':
      return 'kernel';
    case 'executable':
      return 'application';
    case 'library':
    case 'vdso':
      return 'library';
    case 'jit':
      return 'interpreted';
    case 'unknown':
    case undefined:
      return 'unknown';
  }
}

export function kindIndex(kind: FrameKind): number {
  return FRAME_KINDS.indexOf(kind);
}
