// Who can log in to the box, as lines for /etc/passwd, /etc/group, /etc/shadow and /etc/sudoers.d.
// Written straight into the files: no program of the guest has to run, so this works for any architecture.

import { run } from './run.mjs';

/** @typedef {{ name: string, id: number, home: string, password?: string, sudo: boolean }} Account */

/** @type {Account[]} root has no password: keys only */
export const ACCOUNTS = [
  { name: 'root', id: 0, home: '/root', sudo: false },
  { name: 'ops', id: 1000, home: '/home/ops', password: 'ops-password', sudo: true },
  { name: 'guest', id: 1001, home: '/home/guest', password: 'guest-password', sudo: false },
];

/** Days since 1970 of the last password change; any past day does, 0 would force a change at login. */
const PASSWORD_SET_ON_DAY = 19000;

/** @param {Account} account */
export async function accountLines(account) {
  const { name, id, home } = account;
  return {
    passwd: `${name}:x:${id}:${id}:${name}:${home}:/bin/bash\n`,
    group: `${name}:x:${id}:\n`,
    shadow: `${name}:${await passwordHash(account)}:${PASSWORD_SET_ON_DAY}:0:99999:7:::\n`,
    sudoers: account.sudo ? `${name} ALL=(ALL:ALL) ALL\n` : '',
  };
}

/**
 * SHA-512 with the fewest rounds crypt knows: Debian's default takes the emulated guest most of a second per login.
 * @param {Account} account
 */
async function passwordHash({ name, password }) {
  if (!password) return '*';
  const { stdout } = await run('openssl', ['passwd', '-6', '-salt', `rounds=1000$sonde${name}`, '-stdin'], {
    input: password,
  });
  return stdout.toString('utf8').trim();
}
