/** What the tests of connecting share: a box, a home of its own for the client, and everything that was logged. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Artifacts, becomeRoot, detect, findArtifacts, type RootShell } from '../../electron/device/index.ts';
import {
  type Ask,
  askNobody,
  connect,
  type Question,
  type SshConnection,
  type SshTarget,
} from '../../electron/ssh/index.ts';
import { type Fault, faultOf } from '../../remote-agent/protocol/fault.ts';
import { type Box, type BoxUser, bootBox } from './box/boot.mjs';
import { removeFolder } from '../remove-folder.ts';

export const ARTIFACTS = join(import.meta.dirname, '..', '..', 'out', 'device');

/** Of this file of tests. */
export let box: Box;
export let home = '';
export let artifacts: Artifacts;
/** Closed after each test. */
export const open: SshConnection[] = [];
/** Everything Sonde logged in the whole file: no secret may ever be in it. */
export const logged: string[] = [];
export const log = (line: string): void => void logged.push(line);

/** To be called once, at the top of a file. */
export function useConnectBox(): void {
  beforeAll(async () => {
    box = await bootBox({ variant: 'plain' });
    home = mkdtempSync(join(tmpdir(), 'sonde-connect-'));
    artifacts = await findArtifacts(ARTIFACTS, 'x86_64');
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) await connection.close();
  });
  afterAll(async () => {
    await box?.stop();
    removeFolder(home);
  });
}

export function target(user: BoxUser, more: Partial<SshTarget> = {}): SshTarget {
  const places = {
    home,
    configFile: join(home, 'config'),
    systemConfigFile: join(home, 'none'),
    systemKnownHostsFile: join(home, 'none'),
    agentSocket: '',
  };
  return {
    destination: `${user}@${box.host}:${box.port}`,
    identityFiles: [],
    knownHostsFile: join(home, 'known_hosts'),
    acceptHostKey: box.hostKeyFingerprint,
    places,
    ...more,
  };
}
export function answers(...secrets: (string | null)[]): { ask: Ask; asked: Question[] } {
  const asked: Question[] = [];
  return {
    asked,
    ask: (question) => (
      asked.push(question), Promise.resolve(question.kind === 'host-key' ? true : (secrets.shift() ?? null))
    ),
  };
}
export async function login(user: BoxUser): Promise<SshConnection> {
  const connection = await connect(target(user, { identityFiles: [box.keys.ed25519.identityFile] }), {
    ask: askNobody,
    log,
  });
  open.push(connection);
  return connection;
}
export async function asRoot(): Promise<{
  ssh: SshConnection;
  root: RootShell;
  facts: Awaited<ReturnType<typeof detect>>;
}> {
  const ssh = await login('root');
  const facts = await detect(ssh);
  return { ssh, facts, root: await becomeRoot(ssh, facts, askNobody, { log }) };
}
export async function sh(shell: Pick<SshConnection, 'exec'>, command: string): Promise<string> {
  return (await shell.exec(command)).stdout.toString().trim();
}
export async function faultFrom(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return fault;
    throw error;
  }
  throw new Error('it worked');
}
