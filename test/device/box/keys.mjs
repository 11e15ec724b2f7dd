// The box's SSH keys: made once per computer into the cache, never committed, good for nothing else.

import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { artefact } from './cache.mjs';
import { run } from './run.mjs';

export const PASSPHRASE = 'sonde-passphrase';

/** All are authorised for every user of the box. The passphrase-protected one is last. */
const USER_KEYS = [
  { name: 'ed25519', file: 'id_ed25519', type: 'ed25519', passphrase: '' },
  { name: 'rsa', file: 'id_rsa', type: 'rsa', passphrase: '' },
  { name: 'ecdsa', file: 'id_ecdsa', type: 'ecdsa', passphrase: '' },
  { name: 'encrypted', file: 'id_ed25519_encrypted', type: 'ed25519', passphrase: PASSPHRASE },
];

const HOST_KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'];

/**
 * @typedef {object} UserKeys
 * @property {string} dir
 * @property {Record<'ed25519' | 'rsa' | 'ecdsa' | 'encrypted', { identityFile: string, passphrase?: string }>} keys
 * @property {string} authorizedKeys
 */

/**
 * @param {(line: string) => void} log
 * @returns {Promise<UserKeys>}
 */
export async function ensureUserKeys(log) {
  const dir = await artefact({
    name: 'keys',
    recipe: [JSON.stringify(USER_KEYS)],
    log,
    build: async (tmp) => {
      for (const key of USER_KEYS)
        await makeKey(join(tmp, key.file), key.type, key.passphrase, `${key.name}@sonde-test`);
    },
  });
  const entries = USER_KEYS.map(({ name, file, passphrase }) => {
    const identityFile = join(dir, file);
    return [name, passphrase ? { identityFile, passphrase } : { identityFile }];
  });
  const publics = await Promise.all(USER_KEYS.map(({ file }) => readFile(join(dir, `${file}.pub`), 'utf8')));
  return { dir, keys: Object.fromEntries(entries), authorizedKeys: publics.join('') };
}

/**
 * Fixed per image, so that a box booted twice is the same host to SSH.
 * @param {string} dir gets sshd's usual file names
 */
export async function makeHostKeys(dir) {
  for (const type of HOST_KEY_TYPES) await makeKey(join(dir, `ssh_host_${type}_key`), type, '', 'root@edge');
}

/**
 * @param {string} dir
 * @returns {Promise<{ hostKeys: string[], hostKey: string, hostKeyFingerprint: string }>} public lines without comment, ed25519 first
 */
export async function readHostKeys(dir) {
  const hostKeys = await Promise.all(
    HOST_KEY_TYPES.map(async (type) => {
      const line = await readFile(join(dir, `ssh_host_${type}_key.pub`), 'utf8');
      return line.split(' ').slice(0, 2).join(' ');
    }),
  );
  const { stdout } = await run('ssh-keygen', ['-l', '-E', 'sha256', '-f', join(dir, 'ssh_host_ed25519_key.pub')]);
  const hostKeyFingerprint = /SHA256:\S+/.exec(stdout.toString('utf8'))?.[0] ?? '';
  return { hostKeys, hostKey: hostKeys[0] ?? '', hostKeyFingerprint };
}

/**
 * @param {string} file
 * @param {string} type
 * @param {string} passphrase
 * @param {string} comment
 */
async function makeKey(file, type, passphrase, comment) {
  await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', comment, '-f', file]);
}
