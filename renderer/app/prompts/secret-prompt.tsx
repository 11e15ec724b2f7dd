import { useState } from 'react';
import type { Prompt } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { Field } from '../../widgets/field.tsx';
import { EyeIcon, KeyIcon } from '../../widgets/icons.tsx';

type SecretPromptView = Extract<Prompt, { kind: 'secret' }>;

export interface SecretPromptProps {
  readonly prompt: SecretPromptView;
  readonly onAnswer: (secret: string | null) => void;
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

export function SecretPrompt({ prompt, onAnswer }: SecretPromptProps) {
  const [secret, setSecret] = useState('');
  const [shown, setShown] = useState(false);
  const words = WORDS[prompt.purpose];
  return (
    <Dialog
      title={words.title}
      icon={<KeyIcon size={18} />}
      onCancel={() => onAnswer(null)}
      onSubmit={() => onAnswer(secret)}
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
        help="Used for this connection only. It is never written to disk."
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
    </Dialog>
  );
}
