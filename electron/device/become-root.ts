/** Root's rights on the device: being root, sudo without a password, doas, or sudo with a password asked for. */
import { FaultError, raise } from '../../remote-agent/protocol/fault.ts';
import { type Ask, askSecret, type Shell, type SshConnection } from '../ssh/index.ts';
import type { DeviceFacts, PlaceFacts } from './facts.ts';
import { parsePlaces } from './parse-places.ts';
import { PLACES_SCRIPT } from './places-script.ts';
import { type RootShell, rootShell } from './root-shell.ts';
import { quote, shCommand } from './script.ts';
import { cutSections, sectionStart } from './sections.ts';
import { type PasswordSource, sudoShell } from './sudo-shell.ts';
import { noSudo, notAllowed, sudoRefusal } from './sudo-words.ts';

/** As sudo itself does (passwd_tries). */
const TRIES = 3;
const TIMEOUT_MS = 60_000;

export interface BecomeRootOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export async function becomeRoot(
  ssh: SshConnection,
  facts: DeviceFacts,
  ask: Ask,
  { signal, log = () => {} }: BecomeRootOptions = {},
): Promise<RootShell> {
  const { how, shellOn } = wayToRoot(facts, ask, log);
  if (how === 'root') return rootShell(how, facts.places ?? [], ssh, shellOn);
  const places = await lookAsRoot(shellOn(ssh), facts, signal);
  return rootShell(how, places, ssh, shellOn);
}

function wayToRoot(
  facts: DeviceFacts,
  ask: Ask,
  log: (line: string) => void,
): { how: RootShell['how']; shellOn: (ssh: Shell) => Shell } {
  switch (facts.sudo) {
    case 'root':
      return { how: 'root', shellOn: (ssh) => ssh };
    case 'free':
      return { how: 'sudo', shellOn: (ssh) => prefixed(ssh, 'exec sudo -n -- sh -c') };
    case 'doas':
      return { how: 'doas', shellOn: (ssh) => prefixed(ssh, 'exec doas -n sh -c') };
    case 'denied':
      throw new FaultError(notAllowed(facts.user));
    case 'missing':
      throw new FaultError(noSudo(facts.user));
    case 'password': {
      const source = rememberingSource(facts, ask, log);
      return { how: 'sudo-password', shellOn: (ssh) => sudoShell(ssh, source, facts.user) };
    }
  }
}

function prefixed(ssh: Shell, prefix: string): Shell {
  return {
    exec: (command, options) => ssh.exec(`${prefix} ${quote(command)}`, options),
    spawn: (command, options) => ssh.spawn(`${prefix} ${quote(command)}`, options),
  };
}

/** The password lives in this closure only, as long as the RootShell does. A wrong one is forgotten at once. */
function rememberingSource(facts: DeviceFacts, ask: Ask, log: (line: string) => void): PasswordSource {
  let remembered: string | null = null;
  let wrong = 0;
  return async (attempt) => {
    if (attempt === 0 && remembered !== null) return remembered;
    if (attempt > 0) {
      remembered = null;
      wrong += 1;
      log('sudo did not accept the password');
    }
    if (wrong >= TRIES) throw new FaultError(sudoRefusal('', facts.user, wrong));
    remembered = await askSecret(ask, {
      purpose: 'sudo',
      text: `sudo password of ${facts.user} on ${facts.hostname}`,
      retry: attempt > 0,
    });
    return remembered;
  };
}

/** The first command with root's rights: it proves them and looks where Sonde may live. */
async function lookAsRoot(root: Shell, facts: DeviceFacts, signal: AbortSignal | undefined): Promise<PlaceFacts[]> {
  const command = shCommand(`id -u\nhead -n 200 /proc/mounts\n${PLACES_SCRIPT}`);
  const { stdout, stderr, code } = await root.exec(command, { signal, timeoutMs: TIMEOUT_MS });
  const text = stdout.toString('utf8');
  if (!text.includes(sectionStart('places'))) throw new FaultError(sudoRefusal(stderr.toString('utf8'), facts.user, 0));
  const lines = text.split('\n');
  if (!lines.includes('0'))
    raise(
      'no-sudo',
      `cannot get root's rights as ${facts.user}: sudo runs commands as another user`,
      'The sudoers file must allow (root) or (ALL) for this user.',
      `exit code ${code}`,
    );
  return parsePlaces(cutSections(text), lines);
}
