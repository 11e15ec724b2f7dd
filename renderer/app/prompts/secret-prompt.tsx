import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { Prompt } from '../../../electron/bridge/contract.ts';
import { keptPurposeOf } from '../../../electron/bridge/settings.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Field } from '../../widgets/field.tsx';
import { EyeIcon, KeyIcon } from '../../widgets/icons.tsx';
import type { Controller } from '../controller.ts';

type SecretPromptView = Extract<Prompt, { kind: 'secret' }>;

export interface SecretPromptProps {
  readonly prompt: SecretPromptView;
  readonly controller: Controller;
  readonly onAnswer: (secret: string | null, keep?: boolean) => void;
}

const WORDS: Record<
  SecretPromptView['purpose'],
  { readonly title: string; readonly label: string; readonly retry: string }
> = {
  password: { title: 'Password of the device', label: 'Password', retry: 'That password was not accepted.' },
  passphrase: {
    title: 'Unlock the private key',
    label: 'Passphrase',
    retry: 'That passphrase does not unlock the key.',
  },
  sudo: { title: 'Become root with sudo', label: 'sudo password', retry: 'sudo did not accept that password.' },
  'keyboard-interactive': { title: 'The device asks', label: 'Answer', retry: 'That answer was not accepted.' },
};

export function SecretPrompt({ prompt, controller, onAnswer }: SecretPromptProps) {
  const [secret, setSecret] = useState('');
  const [shown, setShown] = useState(false);
  const [keep, setKeep] = useState(false);
  const words = WORDS[prompt.purpose];
  return (
    <Dialog
      title={words.title}
      icon={<KeyIcon size={18} />}
      onCancel={() => onAnswer(null)}
      onSubmit={() => onAnswer(secret, keep)}
      actions={
        <>
          <Button onClick={() => onAnswer(null)}>Cancel</Button>
          <Button look="primary" submits>
            Continue
          </Button>
        </>
      }
    >
      {prompt.text !== '' && <p>{prompt.text}</p>}
      <Field
        label={words.label}
        help={
          keep
            ? 'Kept after this connection has worked, locked in the keyring of this computer. Settings forget it.'
            : 'Used for this connection only. It is never written to disk.'
        }
        error={prompt.retry ? `${words.retry} Try again.` : null}
      >
        {(input) => (
          <div className="secret">
            <input
              {...input}
              data-first-focus
              type={shown ? 'text' : 'password'}
              autoComplete="off"
              spellCheck={false}
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
            <Button look="quiet" aria-pressed={shown} aria-label="Show what is typed" onClick={() => setShown(!shown)}>
              <EyeIcon />
            </Button>
          </div>
        )}
      </Field>
      {keptPurposeOf(prompt) !== null && <Remember keep={keep} onKeep={setKeep} controller={controller} />}
    </Dialog>
  );
}

interface RememberProps {
  readonly keep: boolean;
  readonly onKeep: (keep: boolean) => void;
  readonly controller: Controller;
}

/** Only where it would really be locked away; where not, why not. */
function Remember({ keep, onKeep, controller }: RememberProps) {
  const store = useStore(controller.state, ({ secretStore }) => secretStore);
  const helpId = useId();
  useEffect(() => void controller.settings.readSecrets(), [controller]);
  if (!store) return null;
  const { refusal } = store;
  return (
    <div className="secret-keep">
      <label>
        <input
          type="checkbox"
          checked={keep}
          disabled={refusal !== null}
          aria-describedby={refusal === null ? undefined : helpId}
          onChange={(event) => onKeep(event.target.checked)}
        />
        Remember it on this computer
      </label>
      {refusal !== null && (
        <p id={helpId} className="field-help">
          Not possible here: {refusal}
        </p>
      )}
    </div>
  );
}
