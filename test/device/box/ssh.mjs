// The box through the host's own ssh client: for tests that look at the box from outside the product.

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** A login takes 0.7 s on an emulated box, ten times that on a crowded host. */
const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * @typedef {object} SshTarget
 * @property {string} host
 * @property {number} port
 * @property {string} dir for known_hosts and the askpass helper
 * @property {string} knownHosts
 * @property {Record<string, { identityFile: string, password?: string }>} users
 */

/**
 * @param {SshTarget} target
 * @returns {Promise<(command: string, options?: import('./boot.d.mts').SshOptions) => Promise<import('./boot.d.mts').SshResult>>}
 */
export async function makeSsh(target) {
  const knownHostsFile = join(target.dir, 'known_hosts');
  const askpass = join(target.dir, 'askpass');
  await writeFile(knownHostsFile, target.knownHosts);
  // ssh takes passwords from a terminal or from a helper program, never from an argument.
  await writeFile(askpass, '#!/bin/sh\nprintf "%s\\n" "$SONDE_BOX_PASSWORD"\n', { mode: 0o700 });

  return (command, { user = 'root', auth = 'key', input = '', timeoutMs = DEFAULT_TIMEOUT_MS } = {}) => {
    const account = target.users[user];
    if (!account)
      throw new Error(`cannot log in to the box as ${user}: its users are ${Object.keys(target.users).join(', ')}`);
    const byPassword = auth === 'password';
    const settings = {
      BatchMode: byPassword ? 'no' : 'yes',
      ConnectTimeout: '60',
      GlobalKnownHostsFile: '/dev/null',
      IdentitiesOnly: 'yes',
      LogLevel: 'ERROR',
      NumberOfPasswordPrompts: '1',
      PreferredAuthentications: byPassword ? 'password' : 'publickey',
      StrictHostKeyChecking: 'yes',
      UserKnownHostsFile: knownHostsFile,
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    const identity = byPassword ? [] : ['-i', account.identityFile];
    const args = [
      '-F',
      'none',
      '-T',
      ...options,
      ...identity,
      '-p',
      String(target.port),
      `${user}@${target.host}`,
      '--',
      command,
    ];
    const env = {
      ...process.env,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      SONDE_BOX_PASSWORD: account.password ?? '',
    };
    return runSsh(args, env, input, timeoutMs, command);
  };
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string | Buffer} input
 * @param {number} timeoutMs
 * @param {string} command
 * @returns {Promise<import('./boot.d.mts').SshResult>}
 */
function runSsh(args, env, input, timeoutMs, command) {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no end of "${command}" on the box within ${timeoutMs} ms; so far: ${stdout}${stderr}`));
    }, timeoutMs);
    child.on('error', (cause) => reject(new Error(`cannot run ssh: ${cause.message}`, { cause })));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 255, stdout, stderr });
    });
    child.stdin.on('error', () => {}); // a command may end without reading its input
    child.stdin.end(input);
  });
}

/**
 * Waits for sshd's greeting. QEMU accepts the connection before the guest does, so a mere connect proves nothing.
 * @param {number} port
 * @param {number} timeoutMs
 * @returns {Promise<boolean>}
 */
export function sshGreets(port, timeoutMs) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    /** @param {boolean} greeted */
    const end = (greeted) => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('data', (chunk) => end(String(chunk).startsWith('SSH-')));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}
