import type { Coverage } from '../../../derive/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { EmptyNote } from '../../../widgets/empty-note.tsx';
import { formatCount, formatDuration } from '../../../widgets/format.ts';
import type { Draft } from './draft.ts';
import type { EventsDesk } from '../../events-desk.ts';
import { EventsForm, type PickedCall } from './events-form.tsx';

export interface EventsEmptyProps {
  readonly desk: EventsDesk;
  readonly first: Draft;
  readonly pickedCall: PickedCall | null;
  readonly coverage: Coverage;
  /** Calls of the range that filter or search leave out. */
  readonly others: number;
  /** Lifts filter and search. */
  readonly onShowAll: () => void;
}

/** Where the lines would be: why there are none, and what can be done. */
export function EventsEmpty({ desk, first, pickedCall, coverage, others, onShowAll }: EventsEmptyProps) {
  const hasWindows = desk.windows.windowCount > 0;
  if (others > 0)
    return (
      <EmptyNote
        title="No call matches this filter"
        note={`${formatCount(others)} others are in the range.`}
        action={<Button onClick={onShowAll}>Show all</Button>}
      />
    );
  if (coverage.windows > 0) return <NothingMatched desk={desk} coverage={coverage} />;
  if (desk.isOver) {
    return hasWindows ? (
      <EmptyNote title="Single calls were not looked at in this range" />
    ) : (
      <EmptyNote
        title="No single calls were recorded"
        note="Single calls are recorded only while somebody asks for them, under “As they happen”."
      />
    );
  }
  if (desk.state === 'running' || desk.state === 'starting') return <EmptyNote title="Waiting for the first calls…" />;
  return (
    <div className="events-start">
      <h3>Show calls one by one, as they happen</h3>
      <p>
        {desk.state === 'failed'
          ? 'It could not be started; the reason is told above.'
          : 'The kernel of the device picks those that fit, with arguments and result. All conditions must hold.'}
      </p>
      <EventsForm {...{ desk, first, pickedCall }} onStart={(options) => desk.start(options)} />
    </div>
  );
}

function NothingMatched({ desk, coverage }: Pick<EventsEmptyProps, 'desk' | 'coverage'>) {
  const yet = desk.state === 'running' ? 'yet' : 'in this range';
  return (
    <EmptyNote
      title={`Nothing matched ${yet}`}
      note={`${formatCount(coverage.seen)} calls looked at in ${formatDuration(coverage.seconds)}.`}
    />
  );
}
