import { useState } from 'react';
import type { OptionSpec } from '../../../../remote-agent/protocol/manifest.ts';
import { Button } from '../../../widgets/button.tsx';
import { Field } from '../../../widgets/field.tsx';
import { Segmented } from '../../../widgets/segmented.tsx';
import { callDraft, type Draft, failingDraft, type Outcome, optionsOf, slowDraft } from './draft.ts';
import type { EventsDesk, Options } from '../../events-desk.ts';

export interface PickedCall {
  readonly name: string;
  readonly pid: number | null;
}

export interface EventsFormProps {
  readonly desk: EventsDesk;
  readonly first: Draft;
  /** Row of the table that is chosen; null = none, or one without a call of a known name. */
  readonly pickedCall: PickedCall | null;
  readonly onStart: (options: Options) => void;
}

const OUTCOMES: readonly { readonly value: Outcome; readonly text: string }[] = [
  { value: 'any', text: 'Any' },
  { value: 'failing', text: 'Failing' },
  { value: 'error', text: 'This error' },
];

/** Which calls are to be shown one by one. All conditions must hold. */
export function EventsForm({ desk, first, pickedCall, onStart }: EventsFormProps) {
  const [draft, setDraft] = useState(first);
  const [attempted, setAttempted] = useState(false);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const { options, errors } = desk.check(optionsOf(draft));
  const isErrorMissing = draft.outcome === 'error' && draft.errno.trim() === '';
  const errorOf = (name: string) => (attempted ? (errors[name] ?? null) : null);
  const placeholderOf = (name: string) => String(specOf(desk, name)?.default ?? '');
  return (
    <form
      className="events-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAttempted(true);
        if (Object.keys(errors).length === 0 && !isErrorMissing) onStart(options);
      }}
    >
      <div className="events-presets" role="group" aria-label="Presets">
        <Button onClick={() => setDraft(slowDraft(draft))}>Slow (≥ 10 ms)</Button>
        <Button onClick={() => setDraft(failingDraft(draft))}>Failing</Button>
        <Button
          disabled={pickedCall === null}
          title="The call and the process of the row that is chosen in the table"
          onClick={() => pickedCall && setDraft(callDraft(draft, pickedCall.name, pickedCall.pid))}
        >
          {pickedCall ? `This call: ${pickedCall.name}` : 'This call'}
        </Button>
      </div>
      <div className="events-fields">
        <TextField
          label="Process id"
          help="Only this process."
          placeholder="any"
          value={draft.pid}
          error={errorOf('pid')}
          onChange={(pid) => change({ pid })}
        />
        <TextField
          label="Thread id"
          help="Only this thread."
          placeholder="any"
          value={draft.tid}
          error={errorOf('tid')}
          onChange={(tid) => change({ tid })}
        />
        <TextField
          label="Container or cgroup"
          help="Only processes directly in it: /system.slice/mosquitto.service."
          placeholder="any"
          value={draft.cgroup}
          error={errorOf('cgroup')}
          onChange={(cgroup) => change({ cgroup })}
        />
        <TextField
          label="Calls"
          help="By name: openat, connect."
          placeholder="any"
          value={draft.calls}
          error={errorOf('calls')}
          onChange={(calls) => change({ calls })}
        />
        <TextField
          label="That took at least (ms)"
          help="Empty = however short."
          placeholder="0"
          value={draft.minMs}
          error={errorOf('min-us') === null ? null : 'Must be a number of milliseconds, at most an hour.'}
          onChange={(minMs) => change({ minMs })}
        />
        <div className="field">
          <span className="field-label">Outcome</span>
          <Segmented
            label="Outcome"
            options={OUTCOMES}
            value={draft.outcome}
            onChange={(outcome) => change({ outcome })}
          />
          {draft.outcome !== 'any' && <p className="field-help">Then none is shown as in progress.</p>}
          {draft.outcome === 'error' && (
            <TextField
              label="Error"
              help="By its name, such as ENOENT."
              placeholder=""
              value={draft.errno}
              error={attempted && isErrorMissing ? 'Say which error.' : errorOf('errno')}
              onChange={(errno) => change({ errno })}
            />
          )}
        </div>
        <div className="field">
          <Check isOn={draft.waiting} onChange={(waiting) => change({ waiting })}>
            Also calls that only wait (poll, futex, sleep)
          </Check>
          <Check isOn={draft.stacks} onChange={(stacks) => change({ stacks })}>
            User stacks
          </Check>
        </div>
        <TextField
          label="At most (calls/s)"
          help="More are counted, but not kept."
          placeholder={placeholderOf('per-second')}
          value={draft.perSecond}
          error={errorOf('per-second')}
          onChange={(perSecond) => change({ perSecond })}
        />
        <TextField
          label="Kernel memory (MB)"
          help="Upper bound for all of its maps."
          placeholder={placeholderOf('map-mb')}
          value={draft.mapMb}
          error={errorOf('map-mb')}
          onChange={(mapMb) => change({ mapMb })}
        />
      </div>
      <Button look="primary" submits>
        {desk.state === 'running' ? 'Restart with these' : 'Start'}
      </Button>
    </form>
  );
}

function specOf(desk: EventsDesk, name: string): OptionSpec | undefined {
  return desk.manifest.options.find((spec) => spec.name === name);
}

interface TextFieldProps {
  readonly label: string;
  readonly help: string;
  readonly placeholder: string;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}

function TextField({ label, help, placeholder, value, error, onChange }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(input) => (
        <input
          {...input}
          type="text"
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface CheckProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: string;
}

function Check({ isOn, onChange, children }: CheckProps) {
  return (
    <label className="events-check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {children}
    </label>
  );
}
