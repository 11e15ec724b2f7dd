import { useEffect, useRef, useState } from 'react';
import type { ProbeChoice, Target } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { Field } from '../../widgets/field.tsx';
import { checkDraft, firstDraft, probeDrafts } from './connect-draft.ts';
import { KeyFiles } from './key-files.tsx';
import { ProbeChoices } from './probe-choices.tsx';

export interface ConnectFormProps {
  readonly last: Target | null;
  /** What is watched where nobody chose. */
  readonly usual: readonly ProbeChoice[];
  readonly user: string;
  readonly busy: boolean;
  readonly onConnect: (target: Target) => void;
  readonly chooseKeyFile: () => Promise<string | null>;
}

export function ConnectForm({ last, usual, user, busy, onConnect, chooseKeyFile }: ConnectFormProps) {
  const [typed, setDraft] = useState(() => firstDraft(last, usual));
  /** Until then it is what is usual, also when that changes meanwhile. */
  const [hasChosen, setChosen] = useState(last !== null);
  const draft = hasChosen ? typed : { ...typed, probes: probeDrafts(usual) };
  // Nobody is told off while still typing: errors show from the first attempt on.
  const [attempts, setAttempts] = useState(0);
  const attempted = attempts > 0;
  const check = checkDraft(draft);
  const errors = attempted && !check.ok ? check : { destination: null, probes: null, options: {} };
  const submit = () => {
    setAttempts(attempts + 1);
    if (check.ok) onConnect(check.target);
  };
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const wrong = attempts > 0 ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    wrong?.closest('details')?.setAttribute('open', '');
    wrong?.focus();
  }, [attempts]);
  return (
    <form
      ref={form}
      className="connect-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Device" help={destinationHelp(user)} error={errors.destination}>
        {(input) => (
          <input
            {...input}
            type="text"
            autoFocus
            spellCheck={false}
            autoComplete="off"
            placeholder="root@192.168.1.20"
            value={draft.destination}
            onChange={(event) => setDraft({ ...draft, destination: event.target.value })}
          />
        )}
      </Field>
      <KeyFiles
        files={draft.keyFiles}
        choose={chooseKeyFile}
        onChange={(keyFiles) => setDraft({ ...draft, keyFiles })}
      />
      <ProbeChoices
        drafts={draft.probes}
        error={errors.probes}
        errors={errors.options}
        onChange={(probes) => {
          setChosen(true);
          setDraft({ ...draft, probes });
        }}
      />
      <label className="record-choice" title="Without it nothing is written; what just happened can still be kept.">
        <input
          type="checkbox"
          checked={draft.record}
          onChange={(event) => setDraft({ ...draft, record: event.target.checked })}
        />
        Record the session into a file
      </label>
      <div className="connect-actions">
        <Button look="primary" submits disabled={busy}>
          Connect
        </Button>
        {attempted && !check.ok && Object.keys(check.options).length > 0 && (
          <p className="field-error">Some options are not valid.</p>
        )}
      </div>
    </form>
  );
}

function destinationHelp(user: string): string {
  const asWhom = user === '' ? '' : ` Without user@ you log in as ${user}.`;
  return `[user@]host[:port], or a name from ~/.ssh/config.${asWhom}`;
}
