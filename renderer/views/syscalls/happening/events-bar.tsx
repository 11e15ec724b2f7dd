import type { Coverage } from '../../../derive/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { formatCount } from '../../../widgets/format.ts';
import { WarningIcon } from '../../../widgets/icons.tsx';
import { Popover } from '../../../widgets/popover.tsx';
import type { Draft } from './draft.ts';
import type { EventsDesk, Options } from '../../events-desk.ts';
import { EventsForm, type PickedCall } from './events-form.tsx';
import { lossWords } from './loss-words.ts';

export interface EventsBarProps {
  readonly desk: EventsDesk;
  /** What was asked for, in words; null = nothing was. */
  readonly words: string | null;
  readonly optionOf: (name: string) => string | null;
  readonly first: Draft;
  readonly pickedCall: PickedCall | null;
  readonly coverage: Coverage;
  /** Lines on the screen. */
  readonly shown: number;
  readonly isSearched: boolean;
  /** Oldest calls of the range that are not listed. */
  readonly leftOut: number;
}

/** What is shown, what is missing from it, and the way to ask for something else. */
export function EventsBar({ desk, words, optionOf, first, pickedCall, coverage, ...rest }: EventsBarProps) {
  const { shown, isSearched, leftOut } = rest;
  const losses = lossWords(coverage.lostByCause, optionOf('per-second'));
  return (
    <div className="events-bar">
      {!desk.isOver && <Controls {...{ desk, first, pickedCall }} />}
      {words !== null && (
        <p className="events-words" title={words}>
          {desk.state === 'running' || desk.isOver ? '' : 'Before: '}
          {words}
        </p>
      )}
      <p className="events-count">
        {formatCount(shown)} {shown === 1 ? 'call' : 'calls'}
        {isSearched && ' found'}
        {leftOut > 0 && `, the newest; ${formatCount(leftOut)} older ones are not listed`}
      </p>
      {losses.map((loss) => (
        <p key={loss} className="events-loss" role="status">
          <WarningIcon size={12} /> {loss}
        </p>
      ))}
    </div>
  );
}

function Controls({ desk, first, pickedCall }: Pick<EventsBarProps, 'desk' | 'first' | 'pickedCall'>) {
  if (desk.state === 'starting') return <Button disabled>Starting…</Button>;
  if (desk.state === 'stopping') return <Button disabled>Stopping…</Button>;
  const isRunning = desk.state === 'running';
  const start = (close: () => void) => (options: Options) => {
    close();
    desk.start(options);
  };
  return (
    <>
      {isRunning && (
        <Button title="What was shown stays" onClick={() => desk.stop()}>
          Stop showing
        </Button>
      )}
      <Popover
        face={isRunning ? 'Change…' : 'Start…'}
        label="Which calls to show"
        look="button-plain"
        side="below"
        align="start"
      >
        {(close) => <EventsForm {...{ desk, first, pickedCall }} onStart={start(close)} />}
      </Popover>
    </>
  );
}
