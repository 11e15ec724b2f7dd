/**
 * A system over this one: what is installed there is in memory, and gone with it. Its own mounts and root, the same network
 * and processes. For root only, on a kernel that lays one file system over another.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Its folder is $1; what the two systems share follows. pivot_root, because a chroot may have no sandbox inside. */
const MOUNT = `set -e
  cd "$1"; shift
  mount -t tmpfs tmpfs .
  cd "$PWD"
  mkdir upper work root
  mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
  for shared; do mount --rbind "$shared" "root$shared"; done
  cd root
  mkdir .old
  pivot_root . .old
  umount -l .old
  echo mounted
  exec sleep infinity`;
const SHARED = ['/proc', '/sys', '/dev', tmpdir()];
const UNSHARE = ['--mount', '--propagation', 'private', '--'];

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface OwnSystem {
  /** Where its files are seen from here. */
  readonly root: string;
  /** The words before a command that runs in it; `user` null = root. */
  enter(user: string | null, env?: Readonly<Record<string, string>>): string[];
  run(user: string | null, ...words: readonly string[]): Ended;
  close(): void;
}

/** Why there can be none here; null = there can. */
export function whyNoOwnSystem(): string | null {
  if (process.platform !== 'linux') return 'this is no Linux';
  if (process.getuid?.() !== 0) return 'only root may mount one system over another';
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-try-'));
  const script =
    'cd "$1" && mount -t tmpfs tmpfs . && cd "$1" && mkdir u w r && mount -t overlay overlay -o lowerdir=/,upperdir=u,workdir=w r';
  const { status, stderr } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', script, 'sh', folder], { encoding: 'utf8' });
  rmdirSync(folder);
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? '');
}

export async function openOwnSystem(): Promise<OwnSystem> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-system-'));
  const keeper = spawn('unshare', [...UNSHARE, 'sh', '-c', MOUNT, 'sh', folder, ...SHARED], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  keeper.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(keeper, 'exit').then(() => Promise.reject(new Error(`cannot mount a system of its own: ${said}`)));
  await Promise.race([once(keeper.stdout, 'data'), ended]);
  ended.catch(() => undefined); // its end is ours from here on
  const inside = ['nsenter', `--target=${keeper.pid}`, '--mount', '--root', '--wd', '--'];
  const enter: OwnSystem['enter'] = (user, env = {}) => [
    ...inside,
    ...(user === null ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--']),
    'env',
    '--ignore-environment',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'DEBIAN_FRONTEND=noninteractive',
    `HOME=${user === null ? '/root' : `/home/${user}`}`,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
  ];
  return {
    root: `/proc/${keeper.pid}/root`,
    enter,
    run: (user, ...words) => {
      const [command = '', ...rest] = [...enter(user), ...words];
      const { status, stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 1 << 28 });
      return { code: status, out: stdout, err: stderr };
    },
    close: () => {
      keeper.kill('SIGKILL');
      execFileSync('rm', ['-d', folder]);
    },
  };
}
