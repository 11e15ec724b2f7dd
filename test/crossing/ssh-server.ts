/** A real OpenSSH server of the current user on a free port of the loopback, with a home of its own for the client. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshTarget } from '../../electron/ssh/index.ts';
import { removeFolder } from '../remove-folder.ts';

export interface SshServer {
  readonly port: number;
  readonly user: string;
  /** The client's home: .ssh/config, .ssh/known_hosts and keys are in here. */
  readonly home: string;
  readonly knownHosts: string;
  readonly log: () => string;
  /** SHA256:… of a host key file. */
  fingerprint(type: KeyType): string;
  target(more?: Partial<SshTarget>): SshTarget;
  stop(): Promise<void>;
}

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));

export function makeKey(file: string, type: KeyType, passphrase = '', format: 'openssh' | 'pem' = 'openssh'): string {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  const pem = format === 'pem' ? ['-m', 'PEM'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', `${type}@test`, ...pem, '-f', file]);
  return file;
}

export function allow(server: SshServer, keyFile: string): void {
  appendFileSync(join(server.home, 'authorized_keys'), readFileSync(`${keyFile}.pub`));
}

/** `options` are lines of sshd_config. */
export async function startSshServer(
  options: readonly string[] = [],
  hostKeys: readonly KeyType[] = ['ed25519'],
): Promise<SshServer> {
  if (!SSHD) throw new Error('no sshd here: install openssh-server');
  const dir = mkdtempSync(join(tmpdir(), 'sonde-sshd-'));
  const home = join(dir, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  const port = await freePort();
  for (const type of hostKeys) makeKey(join(dir, `host_${type}`), type);
  writeFileSync(join(home, 'authorized_keys'), '', { mode: 0o600 });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(home, 'authorized_keys')}`,
    `PidFile ${join(dir, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel DEBUG1',
    ...options,
  ];
  writeFileSync(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  const logFile = join(dir, 'log');
  const child = spawn(SSHD, ['-D', '-f', join(dir, 'sshd_config'), '-E', logFile], { stdio: 'ignore' });
  await waitUntil(() => existsSync(logFile) && readFileSync(logFile, 'utf8').includes('Server listening'), child);
  const user = userInfo().username;
  const knownHosts = join(home, '.ssh', 'known_hosts');
  return {
    port,
    user,
    home,
    knownHosts,
    log: () => readFileSync(logFile, 'utf8'),
    fingerprint: (type) =>
      execFileSync('ssh-keygen', ['-lf', join(dir, `host_${type}.pub`)], { encoding: 'utf8' }).split(' ')[1] ?? '',
    target: (more) => ({
      destination: `${user}@127.0.0.1:${port}`,
      identityFiles: [],
      knownHostsFile: null,
      places: places(home),
      ...more,
    }),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      removeFolder(dir);
    },
  };
}

/** Nothing of the machine the test runs on gets in. */
function places(home: string): NonNullable<SshTarget['places']> {
  return {
    home,
    configFile: join(home, '.ssh', 'config'),
    systemConfigFile: join(home, 'etc_ssh_config'),
    systemKnownHostsFile: join(home, 'etc_known_hosts'),
    agentSocket: '',
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function waitUntil(isReady: () => boolean, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200 && !isReady(); tries++) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
