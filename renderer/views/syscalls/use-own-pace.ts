import { useState } from 'react';
import type { ProbeColumns, StoreSnapshot } from '../../store/index.ts';

/** Behind the newest data by no more than this, even where none of it is of a system call. */
const LATEST_NS = 1e9;

interface Held {
  readonly snapshot: StoreSnapshot;
  readonly own: readonly (ProbeColumns | undefined)[];
}

/**
 * Windows of all probes come at moments of their own, and each time "the last minute" is another one by some hundred
 * milliseconds. While it is followed, this view goes along when windows of its own come, or when a second has passed:
 * until then the snapshot is the one of before, and nothing of it is worked out or drawn anew.
 * `own`: the windows that are shown here.
 */
export function useOwnPace(
  snapshot: StoreSnapshot,
  own: readonly (ProbeColumns | undefined)[],
  isFollowing: boolean,
): StoreSnapshot {
  const [held, setHeld] = useState<Held>({ snapshot, own });
  if (held.snapshot === snapshot || (isFollowing && !isDue(held, { snapshot, own }))) return held.snapshot;
  setHeld({ snapshot, own });
  return snapshot;
}

export function isDue(held: Held, next: Held): boolean {
  const [before, now] = [held.snapshot, next.snapshot];
  return (
    next.own.some((windows, i) => windows !== held.own[i]) ||
    now.device !== before.device ||
    now.firstNs !== before.firstNs ||
    now.lastNs < before.lastNs ||
    now.lastNs - before.lastNs >= LATEST_NS
  );
}
