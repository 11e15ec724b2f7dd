/** Decides whether the key a device shows is its own. Says no by throwing a fault; there is no silent yes. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Ask } from './ask.ts';
import { showHost } from './destination.ts';
import type { Hop } from './hop.ts';
import type { HostKey } from './host-key.ts';
import { hasCertAuthority, judge, type KnownHost, type Verdict } from './known-hosts.ts';

export interface HostVerification {
  /** The user (or the given fingerprint) accepted a new key: file it once the device has proved that it owns it. */
  readonly isNew: boolean;
}

export async function verifyHost(
  hop: Hop,
  known: readonly KnownHost[],
  key: HostKey,
  ask: Ask,
  log: (line: string) => void,
): Promise<HostVerification> {
  const verdict = judge(known, hop.knownHostName, key);
  if (verdict.kind === 'known') return { isNew: false };
  if (verdict.kind === 'revoked') refuseRevoked(hop, key, verdict.entry);
  if (verdict.kind === 'changed') refuseChanged(hop, key, verdict);
  if (hasCertAuthority(known, hop.knownHostName)) {
    log(
      `${hop.host} is covered by a @cert-authority line: host certificates are not supported, its plain key is checked`,
    );
  }
  if (hop.acceptHostKey !== null) checkGiven(hop, key, hop.acceptHostKey);
  else await askUser(hop, key, ask);
  return { isNew: true };
}

function refuseRevoked(hop: Hop, key: HostKey, entry: KnownHost): never {
  return raise(
    'host-key-changed',
    `cannot trust ${hop.host}: it shows the ${key.algorithm} key ${key.fingerprint}, which line ${entry.line} of ${entry.file} marks as revoked`,
    'Do not connect. Ask whoever revoked the key.',
  );
}

function refuseChanged(hop: Hop, key: HostKey, { entries }: Extract<Verdict, { kind: 'changed' }>): never {
  const entry = entries.find((each) => each.key.algorithm === key.algorithm) ?? entries[0];
  if (!entry) throw new Error('a changed key without an entry');
  return raise(
    'host-key-changed',
    `cannot trust ${hop.host}: its host key changed. It shows ${key.algorithm} ${key.fingerprint}; line ${entry.line} of ${entry.file} says ${entry.key.algorithm} ${entry.key.fingerprint}`,
    `Someone may be between you and the device. If you know that it was reinstalled, remove that line: ssh-keygen -f '${entry.file}' -R '${hop.knownHostName}'`,
    entries.map((each) => `${each.file}:${each.line} ${each.key.algorithm} ${each.key.fingerprint}`).join('\n'),
  );
}

function checkGiven(hop: Hop, key: HostKey, accepted: string): void {
  if (key.fingerprint === accepted) return;
  raise(
    'host-key-unknown',
    `cannot trust ${hop.host}: it shows ${key.algorithm} ${key.fingerprint}, but only ${accepted} may be accepted`,
    'Compare with what the device says itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
  );
}

async function askUser(hop: Hop, key: HostKey, ask: Ask): Promise<void> {
  const answer = await ask({
    kind: 'host-key',
    host: showHost(hop.host, hop.port),
    algorithm: key.algorithm,
    fingerprint: key.fingerprint,
  });
  if (answer === true) return;
  raise(
    'host-key-unknown',
    `cannot trust ${hop.host}: its ${key.algorithm} key ${key.fingerprint} is not known and was not accepted`,
    `Compare the fingerprint with what the device says itself: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. On the command line, accept it with --accept-host-key ${key.fingerprint}`,
  );
}
