import { useState } from 'react';
import type { FlightView } from '../../../../electron/bridge/contract.ts';
import { Button } from '../../../widgets/button.tsx';
import { Field } from '../../../widgets/field.tsx';
import type { Session } from '../../session.ts';
import type { SessionOrigin } from '../../session-state.ts';
import { runningChoices } from '../probe-state.ts';
import { checkUnattended, FIRST_DRAFT, orderOf } from './unattended-draft.ts';
import { WaitingList } from './waiting-list.tsx';

export interface UnattendedSectionProps {
  readonly session: Session;
  readonly flight: FlightView;
  readonly target: SessionOrigin;
}

/** The device records by itself, whatever becomes of window and link; and what it has from before. */
export function UnattendedSection({ session, flight, target }: UnattendedSectionProps) {
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const errors = checkUnattended(draft);
  const isWrong = Object.values(errors).some((error) => error !== null);
  const { busy, triggers, waiting } = flight;
  if (target.kind !== 'live') return null;
  return (
    <section>
      <h3>Record on the device, unattended</h3>
      <p className="recorder-help">
        Goes on when this window is closed or the link is cut, ends by itself, and waits on the device until it is
        fetched. Records what is watched now.
      </p>
      <form
        className="recorder-fields"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isWrong) return;
          session.recordUnattended(orderOf(draft, runningChoices(session.snapshots.getState()), triggers));
        }}
      >
        <Field label="For (hours)" help="It ends then," error={errors.hours}>
          {(input) => (
            <input
              {...input}
              type="text"
              inputMode="decimal"
              value={draft.hours}
              onChange={(event) => setDraft({ ...draft, hours: event.target.value })}
            />
          )}
        </Field>
        <Field label="At most (MB)" help="or at this size." error={errors.megabytes}>
          {(input) => (
            <input
              {...input}
              type="text"
              inputMode="decimal"
              value={draft.megabytes}
              onChange={(event) => setDraft({ ...draft, megabytes: event.target.value })}
            />
          )}
        </Field>
        <Button submits disabled={busy !== null}>
          Start
        </Button>
        {triggers.length > 0 && (
          <label className="recorder-check">
            <input
              type="checkbox"
              checked={draft.onlyAround}
              onChange={(event) => setDraft({ ...draft, onlyAround: event.target.checked })}
            />
            Only 30 s before to 30 s after the triggers above
          </label>
        )}
      </form>
      {waiting && waiting.length > 0 && <WaitingList {...{ session, waiting }} busy={busy !== null} />}
    </section>
  );
}
