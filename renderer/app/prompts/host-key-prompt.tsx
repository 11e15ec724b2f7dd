import type { Prompt } from '../../../electron/bridge/contract.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { LockIcon } from '../../widgets/icons.tsx';

export interface HostKeyPromptProps {
  readonly prompt: Extract<Prompt, { kind: 'host-key' }>;
  readonly onAnswer: (accepted: boolean) => void;
}

/** Refuse has the focus: Enter without reading must not accept a stranger's key. */
export function HostKeyPrompt({ prompt, onAnswer }: HostKeyPromptProps) {
  const { host, algorithm, fingerprint } = prompt;
  const refuse = () => onAnswer(false);
  return (
    <Dialog
      title={`Is this really ${host}?`}
      icon={<LockIcon size={18} />}
      onCancel={refuse}
      onSubmit={refuse}
      actions={
        <>
          <Button onClick={() => onAnswer(true)}>Accept and remember</Button>
          <Button look="primary" data-first-focus onClick={refuse}>
            Refuse
          </Button>
        </>
      }
    >
      <p>Sonde has not met this device before. Its key is:</p>
      <dl className="host-key">
        <dt>Fingerprint</dt>
        <dd>{fingerprint}</dd>
        <dt>Kind</dt>
        <dd>{algorithm}</dd>
      </dl>
      <p>
        To be sure that nobody stands in between, compare it with what this prints on the device itself, on its own
        screen or serial console:
      </p>
      <pre className="command">{`ssh-keygen -lf ${keyFileOf(algorithm)}`}</pre>
      <p className="dialog-note">Accepted keys are kept in your known_hosts file, and a changed key will be refused.</p>
    </Dialog>
  );
}

/** Where OpenSSH keeps the public half of each kind of host key. */
export function keyFileOf(algorithm: string): string {
  const kind = /ed25519/i.test(algorithm) ? 'ed25519' : /ecdsa|nistp/i.test(algorithm) ? 'ecdsa' : 'rsa';
  return `/etc/ssh/ssh_host_${kind}_key.pub`;
}
