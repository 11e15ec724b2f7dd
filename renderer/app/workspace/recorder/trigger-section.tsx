import { useState } from 'react';
import { useStore } from 'zustand';
import type { FlightView } from '../../../../electron/bridge/contract.ts';
import { faultOf } from '../../../../remote-agent/protocol/fault.ts';
import {
  MAX_TRIGGERS,
  parseTrigger,
  probeOfTrigger,
  TRIGGER_KINDS,
  triggerText,
} from '../../../../remote-agent/protocol/triggers.ts';
import { findProbe } from '../../../../remote-agent/protocol/probes/index.ts';
import { Button } from '../../../widgets/button.tsx';
import { Field } from '../../../widgets/field.tsx';
import { CrossIcon } from '../../../widgets/icons.tsx';
import type { Session } from '../../session.ts';
import { runningChoices } from '../probe-state.ts';

/** What the device looks for once a second, and marks on the axis when it happens. */
export function TriggerSection({ session, flight }: { readonly session: Session; readonly flight: FlightView }) {
  const { triggers, keepsTriggered } = flight;
  const snapshot = useStore(session.snapshots);
  const missing = probesMissing(
    triggers,
    runningChoices(snapshot).map(({ probe }) => probe),
  );
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const set = (changed: readonly string[], keep = keepsTriggered) => session.setTriggers(changed, keep);
  const add = () => {
    const read = readTrigger(typed, triggers);
    setError(read.error);
    if (read.trigger === null) return;
    set([...triggers, read.trigger]);
    setTyped('');
  };
  return (
    <section>
      <h3>Triggers</h3>
      <form
        className="recorder-add"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Field label="When this happens, mark it on the axis" help={EXAMPLES} error={error}>
          {(input) => (
            <input
              {...input}
              type="text"
              list="trigger-examples"
              spellCheck={false}
              autoComplete="off"
              placeholder="cpu>80% for 5s"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <datalist id="trigger-examples">
          {TRIGGER_KINDS.map(({ example, title }) => (
            <option key={example} value={example} label={title} />
          ))}
        </datalist>
        <Button submits>Add</Button>
      </form>
      <ul className="recorder-list">
        {triggers.map((trigger) => (
          <li key={trigger}>
            <code className="recorder-what">{trigger}</code>
            <Button
              look="quiet"
              aria-label={`Remove ${trigger}`}
              onClick={() => set(triggers.filter((each) => each !== trigger))}
            >
              <CrossIcon size={12} />
            </Button>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <p className="field-error">Not seen without {missing.join(' and ')}, which does not run.</p>
      )}
      <label className="recorder-check">
        <input type="checkbox" checked={keepsTriggered} onChange={(event) => set(triggers, event.target.checked)} />
        Save 30 s before to 15 s after it as a recording
      </label>
    </section>
  );
}

const EXAMPLES = `Also ${TRIGGER_KINDS.slice(1)
  .map(({ example }) => example)
  .join(', ')}.`;

/** The one way to write it, or why it cannot be one. */
function readTrigger(
  typed: string,
  known: readonly string[],
): { readonly trigger: string | null; readonly error: string | null } {
  const refuse = (error: string) => ({ trigger: null, error });
  if (known.length >= MAX_TRIGGERS) return refuse(`There may be ${MAX_TRIGGERS}.`);
  try {
    const trigger = triggerText(parseTrigger(typed));
    if (known.includes(trigger)) return refuse('It is looked for already.');
    return { trigger, error: null };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return refuse(fault.hint ?? fault.message);
  }
}

/** The titles of probes without which one of them never happens. */
function probesMissing(triggers: readonly string[], running: readonly string[]): readonly string[] {
  const needed = triggers.map((text) => probeOfTrigger(parseTrigger(text)));
  return [...new Set(needed)].flatMap((id) =>
    id === null || running.includes(id) ? [] : [findProbe(id)?.title ?? id],
  );
}
