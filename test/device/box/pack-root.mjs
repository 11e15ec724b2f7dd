// Runs as root (or as a user namespace's root), started by root.mjs: unpacks the bootstrapped system,
// makes it our box, and packs it as a disk image.
//
//   node pack-root.mjs DIR SYSTEM CONFIGURED_BY OVERLAY SPARE_MB     → DIR/root.ext4
//
//   DIR            work/workload/, work/authorized_keys, ssh_host_*
//   SYSTEM         archive of the system
//   CONFIGURED_BY  '' or archive of the same system for this computer's architecture, which has been configured
//   OVERLAY        '' or a directory laid over it

import { createHash } from 'node:crypto';
import { appendFile, chmod, chown, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ACCOUNTS, accountLines } from './accounts.mjs';
import { makeExt4 } from './ext4.mjs';
import { run } from './run.mjs';

const [dir = '', system = '', configuredBy = '', overlay = '', spareMb = ''] = process.argv.slice(2);
const work = join(dir, 'work');
const root = join(work, 'root');
/** @param {string} path */
const at = (path) => join(root, path);
/** @param {string} name */
const guestFile = (name) => new URL(`guest/${name}`, import.meta.url);

await mkdir(root);
await run('tar', ['-xf', system, '-C', root, '--numeric-owner', '--exclude=./dev/*']);
if (configuredBy) await takeConfiguration();
if (overlay) await run('cp', ['-a', `${overlay}/usr/.`, at('usr')]);

await writeFile(at('etc/hostname'), 'edge\n');
await writeFile(at('etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 edge\n::1 localhost ip6-localhost ip6-loopback\n');
await writeFile(at('etc/resolv.conf'), 'nameserver 10.0.2.3\n');
await writeFile(at('etc/fstab'), '/dev/vda / ext4 defaults,noatime 0 0\n');
await installAccounts();
await installSshd();
await mkdir(at('lib/modules'), { recursive: true });
await install(guestFile('edge-init'), 'sbin/edge-init', 0o755);
await install(guestFile('workload'), 'usr/local/bin/workload', 0o755);
await cp(join(work, 'workload'), at('opt/workload'), { recursive: true });
for (const list of ['var/lib/apt/lists', 'var/cache/apt']) await rm(at(list), { recursive: true, force: true });

await makeExt4(root, join(dir, 'root.ext4'), { spareMb: Number(spareMb) });
await rm(work, { recursive: true });

/** /etc, and the links that package scripts make for alternatives. */
async function takeConfiguration() {
  const { stdout } = await run('tar', ['-tvf', configuredBy]);
  const links = [...stdout.toString('utf8').matchAll(/ (\.\/\S+) -> \/etc\/alternatives\//g)].map(
    ([, link = '']) => link,
  );
  // The library cache is the other architecture's; without one the loader searches the standard folders.
  const args = ['-C', root, '--numeric-owner', '--exclude=./etc/ld.so.cache', './etc', ...links];
  await run('tar', ['-xf', configuredBy, ...args]);
}

async function installAccounts() {
  for (const account of ACCOUNTS) {
    const { passwd, group, shadow, sudoers } = await accountLines(account);
    if (account.id !== 0) {
      await appendFile(at('etc/passwd'), passwd);
      await appendFile(at('etc/group'), group);
      await appendFile(at('etc/shadow'), shadow);
      await cp(at('etc/skel'), at(account.home), { recursive: true });
    }
    if (sudoers) await writeFile(at(`etc/sudoers.d/${account.name}`), sudoers, { mode: 0o440 });
    await mkdir(at(`${account.home}/.ssh`), { mode: 0o700 });
    await install(join(work, 'authorized_keys'), `${account.home}/.ssh/authorized_keys`, 0o600);
    await run('chown', ['-R', `${account.id}:${account.id}`, at(account.home)]);
  }
}

async function installSshd() {
  await install(guestFile('sshd.conf'), 'etc/ssh/sshd_config.d/box.conf', 0o644);
  for (const old of await readdir(at('etc/ssh'))) if (old.startsWith('ssh_host_')) await rm(at(`etc/ssh/${old}`));
  for (const key of await readdir(dir)) {
    if (key.startsWith('ssh_host_'))
      await install(join(dir, key), `etc/ssh/${key}`, key.endsWith('.pub') ? 0o644 : 0o600);
  }
  // The machine's identity, like its host keys, stays the same from boot to boot.
  const identity = createHash('sha256')
    .update(await readFile(join(dir, 'ssh_host_ed25519_key.pub')))
    .digest('hex');
  await writeFile(at('etc/machine-id'), `${identity.slice(0, 32)}\n`);
}

/**
 * @param {string | URL} from
 * @param {string} to
 * @param {number} mode
 */
async function install(from, to, mode) {
  await mkdir(dirname(at(to)), { recursive: true });
  await copyFile(from, at(to));
  await chown(at(to), 0, 0);
  await chmod(at(to), mode);
}
