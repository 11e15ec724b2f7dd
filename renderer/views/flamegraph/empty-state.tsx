import type { Selection } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import { formatCount, formatDuration } from '../../widgets/format.ts';

export type Emptiness =
  /** Nothing has come at all. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'no-data' }
  /** Nobody ran in the range. */
  | { readonly kind: 'idle-box' }
  /** The filter's one process or thread did not run; `name` says which. */
  | { readonly kind: 'idle'; readonly what: 'process' | 'thread'; readonly name: string }
  /** The options of the probe let nothing through. */
  | { readonly kind: 'left-out'; readonly samples: number }
  | { readonly kind: 'filtered-out' };

export interface EmptyStateProps {
  readonly emptiness: Emptiness;
  readonly range: Selection['range'];
  readonly onShowAll: () => void;
}

export function EmptyState({ emptiness, range, onShowAll }: EmptyStateProps) {
  const { title, note, action } = wordsFor(emptiness, rangeText(range));
  return <EmptyNote title={title} note={note} action={action && <Button onClick={onShowAll}>{action}</Button>} />;
}

function wordsFor(emptiness: Emptiness, range: string): { title: string; note?: string; action?: string } {
  switch (emptiness.kind) {
    case 'waiting':
      return { title: 'Waiting for the first samples…' };
    case 'no-data':
      return { title: 'No samples were taken' };
    case 'idle-box':
      return { title: `The box was idle: 0 samples ${range}.` };
    case 'idle':
      return {
        title: `This ${emptiness.what} was idle: 0 samples ${range}.`,
        note: emptiness.name,
        action: 'Show all processes',
      };
    case 'left-out':
      return {
        title: `No sample matched what was asked for ${range}`,
        note: `${formatCount(emptiness.samples)} samples were taken on the device and left out by the options of the probe.`,
      };
    case 'filtered-out':
      return { title: 'No samples match this filter.', action: 'Show all' };
  }
}

function rangeText(range: Selection['range']): string {
  switch (range.kind) {
    case 'last':
      return `in the last ${formatDuration(range.seconds)}`;
    case 'all':
      return 'so far';
    case 'between':
      return 'in the selected range';
    case 'several':
      return 'in the selected ranges';
  }
}
