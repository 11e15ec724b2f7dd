import type { KeptPurpose, KeptSecret } from '../../../electron/bridge/settings.ts';
import { Button } from '../../widgets/button.tsx';
import { formatWhen } from '../../widgets/format.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { AppState } from '../app-state.ts';
import type { Controller } from '../controller.ts';
import { Section } from './section.tsx';

const PURPOSES: Record<KeptPurpose, string> = {
  password: 'Password',
  passphrase: 'Passphrase of a key',
  sudo: 'sudo password',
};

/** Devices that are remembered, and what is kept of each. */
export function DevicesSection({ app, controller }: { readonly app: AppState; readonly controller: Controller }) {
  const { devices, secretStore } = app;
  const nowMs = useNow(60_000, true);
  const kept = secretStore?.kept ?? [];
  return (
    <Section title="Devices">
      {devices.length === 0 && <p className="field-help">None yet. Devices you connect to are kept here.</p>}
      {devices.length > 0 && (
        <ul className="settings-list" aria-label="Known devices">
          {devices.map(({ destination, hostname, lastUsedMs }) => (
            <li key={destination}>
              <span className="settings-name">{hostname || destination}</span>
              <span className="settings-more" title={destination}>
                {destination} · {formatWhen(lastUsedMs, nowMs)}
              </span>
              <Button
                aria-label={`Forget host key of ${destination}`}
                title="The next connection shows its key and asks whether it is right"
                onClick={() => void controller.settings.forgetHostKey(destination)}
              >
                Forget host key
              </Button>
              <Button aria-label={`Forget ${destination}`} onClick={() => void controller.forgetDevice(destination)}>
                Forget
              </Button>
            </li>
          ))}
        </ul>
      )}
      <span className="field-label">Remembered passwords</span>
      {kept.length === 0 && (
        <p className="field-help">
          {secretStore?.refusal == null
            ? 'None. Where a password is asked for, it can be remembered, locked in the keyring of this computer.'
            : `None, and none can be: ${secretStore.refusal}`}
        </p>
      )}
      {kept.length > 0 && (
        <ul className="settings-list" aria-label="Remembered passwords">
          {kept.map((secret) => (
            <li key={secret.id}>
              <span className="settings-name">{PURPOSES[secret.purpose]}</span>
              <span className="settings-more">{aboutOf(secret, nowMs)}</span>
              <Button
                aria-label={`Forget the ${PURPOSES[secret.purpose].toLowerCase()} for ${secret.destination}`}
                onClick={() => void controller.settings.forgetSecret(secret.id)}
              >
                Forget
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const aboutOf = ({ destination, keptMs }: KeptSecret, nowMs: number): string =>
  `${destination} · ${formatWhen(keptMs, nowMs)}`;
