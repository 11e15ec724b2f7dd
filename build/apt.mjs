/** Debian packages the project needs on the workstation: present, installed now, or named for the user to install. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** @param {string} name of a Debian package */
function installed(name) {
  const query = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout === 'installed';
}

/**
 * Makes sure that every package is installed; the second time it costs one dpkg query each.
 * @param {readonly string[]} names
 * @param {(line: string) => void} log
 */
export async function ensurePackages(names, log) {
  const wanted = [...new Set(names)].toSorted();
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(
      `this machine has no apt, so these programs cannot be installed for you.\n` +
        `Install what these Debian packages hold, by their names on your system: ${wanted.join(' ')}`,
    );
  const missing = wanted.filter((name) => !installed(name));
  if (missing.length === 0) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  log(`installing ${missing.join(' ')}`);
  const apt = (/** @type {string[]} */ ...args) => {
    const [command = '', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', ...args];
    return spawnSync(command, rest, { encoding: 'utf8', stdio: ['inherit', 'pipe', 'pipe'] });
  };
  let run = apt('install', '--no-install-recommends', ...missing);
  if (run.status !== 0) {
    log('refreshing the package lists');
    apt('update');
    run = apt('install', '--no-install-recommends', ...missing);
  }
  if (run.status !== 0)
    throw new Error(
      `cannot install ${missing.join(' ')}:\n${run.stderr.trim().split('\n').slice(-5).join('\n')}\n` +
        `Try: ${sudo.join(' ')} apt-get update && ${sudo.join(' ')} apt-get install ${missing.join(' ')}`,
    );
}
