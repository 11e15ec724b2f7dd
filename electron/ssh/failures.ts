/** What ssh2 says when a connection does not come about, in words for the user. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Authentication } from './auth.ts';
import { showHost } from './destination.ts';
import type { Hop } from './hop.ts';
import { unreachable } from './tcp.ts';

export interface FailureContext {
  readonly hop: Hop;
  readonly auth: Authentication;
  /** The far side sent an SSH identification. */
  readonly greeted: boolean;
  /** The user was being asked something when it ended. */
  readonly wasAsking: boolean;
  /** "(remote) KEX: …" lines of the negotiation. */
  readonly negotiation: readonly string[];
}

export function faultFrom(error: Error & { level?: string; code?: unknown }, context: FailureContext): Fault {
  const { hop, auth } = context;
  const where = `${hop.user}@${showHost(hop.host, hop.port)}`;
  if (auth.fault) return auth.fault;
  if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message))
    return authFailed(where, context, error.message);
  if (/no matching|unsupported algorithm/i.test(error.message)) return noCommonAlgorithm(where, context, error.message);
  if (context.wasAsking) {
    return {
      code: 'host-unreachable',
      message: `cannot connect to ${where}: the device closed the connection while an answer was awaited`,
      hint: 'Devices wait about two minutes for a login. Connect again and answer sooner.',
      detail: error.message,
    };
  }
  if (error.level === 'client-socket' && typeof error.code === 'string')
    return unreachable(hop.host, hop.port, error.code);
  if (!context.greeted) {
    return {
      code: 'host-unreachable',
      message: `cannot connect to ${where}: what listens on port ${hop.port} does not speak SSH`,
      hint: 'Check the port. A device that is still starting may also need a moment.',
      detail: error.message,
    };
  }
  if (auth.offered !== null) return authFailed(where, context, error.message);
  return {
    code: 'host-unreachable',
    message: `cannot connect to ${where}: ${error.message}`,
    hint: 'The device ended the SSH handshake. Its log (journalctl -u ssh) says why.',
  };
}

function authFailed(where: string, { auth }: FailureContext, detail: string): Fault {
  const offered = auth.offered ?? [];
  const tried = countSame(auth.tried);
  const message =
    tried.length > 0
      ? `cannot log in as ${where}: the device refused ${tried.join(', ')}`
      : `cannot log in as ${where}: there is nothing to log in with`;
  return {
    code: 'auth-failed',
    message: `${message}; it offers ${offered.join(', ') || 'nothing'}`,
    hint: hintFor(offered, tried.length > 0),
    detail,
  };
}

function hintFor(offered: readonly string[], triedAnything: boolean): string {
  if (offered.length === 1 && offered[0] === 'publickey') {
    return triedAnything
      ? 'The device takes keys only. Put your public key into ~/.ssh/authorized_keys of this user there (ssh-copy-id), or choose another key file.'
      : 'The device takes keys only, and no key was found. Choose a key file, or make one with ssh-keygen and copy it with ssh-copy-id.';
  }
  return 'Check the user name and the password. Servers often forbid passwords for root (PermitRootLogin): log in as another user, Sonde then uses sudo.';
}

function noCommonAlgorithm(where: string, { negotiation }: FailureContext, message: string): Fault {
  const what = /no matching (.+?)(?: algorithm| format)?$/i.exec(message)?.[1] ?? 'algorithm';
  const chachaOnly = /cipher/i.test(what) && negotiation.some((line) => /remote.*cipher.*chacha20/i.test(line));
  return {
    code: 'no-compatible-kex',
    message: `cannot connect to ${where}: workstation and device have no ${what} in common`,
    hint: chachaOnly
      ? 'The device only allows chacha20-poly1305, which this program cannot speak. Add aes128-ctr or aes256-gcm@openssh.com to Ciphers in its sshd_config.'
      : "Allow curve25519-sha256 or ecdh-sha2-nistp256, an ed25519 host key and aes128-ctr in the device's sshd_config, or update its SSH server.",
    detail: [message, ...negotiation].join('\n'),
  };
}

/** ["password", "password"] → ["password (2 tries)"] */
function countSame(words: readonly string[]): string[] {
  return [...new Set(words)].map((word) => {
    const count = words.filter((each) => each === word).length;
    return count > 1 ? `${word} (${count} tries)` : word;
  });
}
