import { useMemo, useState } from 'react';
import { Excerpts } from '../../store/index.ts';
import type { Selection, StoreSnapshot } from '../../store/index.ts';

/** What the views see: all windows, or where several ranges are selected, only those of the ranges. */
export function useExcerpt(snapshot: StoreSnapshot, range: Selection['range']): StoreSnapshot {
  const [excerpts] = useState(() => new Excerpts());
  return useMemo(() => {
    if (range.kind !== 'several') return snapshot;
    const probes = [...snapshot.probes].map(
      ([id, data]) => [id, { ...data, windows: excerpts.of(data.windows, range.ranges) }] as const,
    );
    return { ...snapshot, probes: new Map(probes) };
  }, [snapshot, range, excerpts]);
}
