// What the program would tell of keyrings, settings and crashes.
import type { KeptSecret } from '../../../electron/bridge/settings.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';

export const NO_KEYRING =
  'this computer has no keyring that Sonde could lock it in (GNOME Keyring, KWallet). It would lie there as plain text.';

export const KEPT_SECRETS: readonly KeptSecret[] = [
  {
    id: 'a',
    destination: 'mara@192.168.1.20',
    purpose: 'password',
    text: 'Password of mara@192.168.1.20',
    keptMs: Date.now() - 3_600_000,
  },
  {
    id: 'b',
    destination: 'mara@192.168.1.20',
    purpose: 'sudo',
    text: 'sudo asks on gateway-7',
    keptMs: Date.now() - 3_600_000,
  },
];

export const SETTINGS_TROUBLE =
  'The settings could not be read, so the usual ones are used. What was there is in /home/mara/.config/Sonde/settings.json.bad.';

export const NO_UNATTENDED: Fault = {
  code: 'agent-start',
  message: 'cannot record on the device: /var/lib/sonde is on a file system without space',
};

export const CRASHED: Fault = {
  code: 'session-crashed',
  message: 'the session process of this window ended unexpectedly',
  hint: 'What was recorded is kept, up to its last written second. Reconnect to go on.',
};
