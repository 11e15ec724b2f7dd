import { type Coverage, type Facets, type Names, processKey, threadKey } from '../../derive/index.ts';
import type { Selection } from '../../store/index.ts';
import type { Emptiness } from './empty-state.tsx';

/** Why there is nothing to draw; only asked when there is nothing. */
export function whyEmpty(
  selection: Selection,
  facets: Facets,
  names: Names,
  { kept, filtered }: Pick<Coverage, 'kept' | 'filtered'>,
  { windows, live }: { readonly windows: number; readonly live: boolean },
): Emptiness {
  if (windows === 0) return { kind: live ? 'waiting' : 'no-data' };
  if (kept === 0 && filtered > 0) return { kind: 'left-out', samples: filtered };
  const { process, thread, container } = selection;
  if (thread !== null && !facets.thread.has(thread))
    return { kind: 'idle', what: 'thread', name: names.name(threadKey(thread)) };
  if (thread === null && process !== null && !facets.process.has(process))
    return { kind: 'idle', what: 'process', name: names.name(processKey(process)) };
  if (process !== null || thread !== null || container !== null) return { kind: 'filtered-out' };
  return { kind: 'idle-box' };
}
