/**
 * From the id a BPF program sees (the inode number of the cgroup2 directory) to the path: the only way to place a
 * process that was gone before anyone looked. The tree is walked when an unknown id comes: at once as a rule, but over the
 * time it takes no more than a 300th of a CPU, however large the tree is and however many ids nobody finds in it.
 */
import { readdirSync, statSync } from 'node:fs';
import { readSmall } from './procfs.ts';

const MAX_CGROUPS = 20_000;
const SHARE = 1 / 300;
/** What may be saved for when containers come and go. */
const MOST_SAVED_MS = 500;

export class Cgroups {
  private readonly mount: string;
  private readonly paths = new Map<number, string>();
  private readonly clock: () => number;
  private savedMs = MOST_SAVED_MS;
  private countedMs = 0;

  /**
   * @param mount '' where there is no cgroup2: no id has a path then.
   * @param clock milliseconds; measures how long a walk takes
   */
  constructor(mount: string, clock = () => performance.now()) {
    this.mount = mount;
    this.clock = clock;
  }

  /** '' where it is not known. */
  pathOf(id: bigint, nowMs: number): string {
    if (id === 0n || this.mount === '') return '';
    const known = this.find(id);
    if (known !== undefined || !this.mayWalk(nowMs)) return known ?? '';
    const from = this.clock();
    this.paths.clear();
    this.walk('');
    this.savedMs -= this.clock() - from;
    return this.find(id) ?? '';
  }

  private mayWalk(nowMs: number): boolean {
    this.savedMs = Math.min(MOST_SAVED_MS, this.savedMs + (nowMs - this.countedMs) * SHARE);
    this.countedMs = nowMs;
    return this.savedMs > 0;
  }

  /** 32-bit kernels put a generation above the 32-bit inode number. */
  private find(id: bigint): string | undefined {
    return this.paths.get(Number(id)) ?? this.paths.get(Number(BigInt.asUintN(32, id)));
  }

  private walk(path: string): void {
    const inode = statSync(this.mount + path, { throwIfNoEntry: false })?.ino;
    if (inode === undefined || this.paths.size >= MAX_CGROUPS) return;
    this.paths.set(inode, path === '' ? '/' : path);
    for (const entry of listFolders(this.mount + path)) this.walk(`${path}/${entry}`);
  }
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return []; // removed while we walked
  }
}

/** "36 25 0:31 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw" */
export function findCgroup2(procRoot: string): string {
  for (const line of (readSmall(`${procRoot}/self/mountinfo`, 64 << 10) ?? '').split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    if (after.startsWith('cgroup2 ')) return before.split(' ')[4] ?? '';
  }
  return '';
}
