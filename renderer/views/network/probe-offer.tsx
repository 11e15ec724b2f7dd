import { Button } from '../../widgets/button.tsx';
import { EmptyNote } from '../../widgets/empty-note.tsx';
import type { EventsDesk } from '../events-desk.ts';

/** In place of data that another probe would bring: why there is none, and the way to start it. */
export function ProbeOffer({ desk }: { readonly desk: EventsDesk }) {
  const { manifest, state, isOver } = desk;
  const title = manifest.title.toLowerCase();
  if (isOver) return <EmptyNote title={`No ${title} were recorded`} />;
  if (state === 'running' || state === 'starting') return <EmptyNote title={`Waiting for the first ${title}…`} />;
  const note = state === 'failed' ? 'It could not be started; the reason is told above.' : manifest.summary;
  return (
    <EmptyNote
      title={`${manifest.title}: not running`}
      note={note}
      action={
        <Button look="primary" disabled={state === 'stopping'} onClick={() => desk.start({})}>
          Start {title}
        </Button>
      }
    />
  );
}

/** Beside its data: the way to stop it, or to start it again. */
export function ProbeSwitch({ desk }: { readonly desk: EventsDesk }) {
  const { manifest, state, isOver } = desk;
  if (isOver) return null;
  const isOn = state === 'running' || state === 'stopping';
  return (
    <Button
      disabled={state === 'starting' || state === 'stopping'}
      title={isOn ? `Stop ${manifest.title}; what it has shown stays` : `Start ${manifest.title}`}
      onClick={() => (isOn ? desk.stop() : desk.start({}))}
    >
      {SWITCH_WORDS[state]} {manifest.title}
    </Button>
  );
}

/** With the name: the row of tabs has a button for the probe of flows. */
const SWITCH_WORDS = {
  running: 'Stop',
  starting: 'Starting',
  stopping: 'Stopping',
  failed: 'Start',
  idle: 'Start',
} as const;
