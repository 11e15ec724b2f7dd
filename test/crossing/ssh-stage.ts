/** What the tests of a login share: a real sshd, a client's home that is fresh for each of them, and answers by script. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Ask, connect, type Question, type SshConnection, type SshTarget } from '../../electron/ssh/index.ts';
import { faultOf, type FaultCode } from '../../remote-agent/protocol/fault.ts';
import { allow, makeKey, type SshServer, startSshServer } from './ssh-server.ts';

/** Of this file of tests, once it was started. */
export let server: SshServer;
/** Closed after each test. */
const open: SshConnection[] = [];

/** To be called once, at the top of a file. */
export function useSshServer(): void {
  beforeAll(async () => {
    server = await startSshServer([], ['ed25519', 'ecdsa', 'rsa']);
    allow(server, makeKey(allowed(), 'ed25519'));
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    for (const name of ['known_hosts', 'config']) rmSync(join(server.home, '.ssh', name), { force: true });
  });
}

/** Answers by kind of question and remembers what was asked. */
export function script(answers: { hostKey?: boolean | null; secret?: (string | null)[] }): {
  ask: Ask;
  asked: Question[];
} {
  const asked: Question[] = [];
  const secrets = [...(answers.secret ?? [])];
  const ask: Ask = (question) => {
    asked.push(question);
    return Promise.resolve(question.kind === 'host-key' ? (answers.hostKey ?? null) : (secrets.shift() ?? null));
  };
  return { ask, asked };
}

export async function faultFrom(
  promise: Promise<unknown>,
): Promise<{ code: FaultCode; message: string; hint: string }> {
  try {
    await promise;
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return { code: fault.code, message: fault.message, hint: fault.hint ?? '' };
    throw error;
  }
  throw new Error('it worked');
}

export async function login(
  target: SshTarget,
  ask: Ask = script({ hostKey: true }).ask,
  log?: (line: string) => void,
): Promise<SshConnection> {
  const connection = await connect(target, { ask, log });
  open.push(connection);
  return connection;
}

export const allowed = (): string => join(server.home, 'allowed');
export function config(text: string): void {
  writeFileSync(join(server.home, '.ssh', 'config'), text);
  chmodSync(join(server.home, '.ssh', 'config'), 0o600);
}
export const trusted = (more: Partial<SshTarget> = {}): SshTarget =>
  server.target({ identityFiles: [allowed()], acceptHostKey: server.fingerprint('ed25519'), ...more });
