import { FRAME_KINDS, type FrameKind, type FunctionTable, type SelfTotal } from '../../derive/index.ts';

/** Share of samples whose innermost frame is of each kind. */
export function kindShares({ self, present, all }: SelfTotal, functions: FunctionTable): Record<FrameKind, number> {
  const shares = Object.fromEntries(FRAME_KINDS.map((kind) => [kind, 0])) as Record<FrameKind, number>;
  for (const id of present) shares[FRAME_KINDS[functions.kind[id]!]!] += all > 0 ? self[id]! / all : 0;
  return shares;
}
