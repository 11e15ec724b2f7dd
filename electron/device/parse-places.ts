/** Reading of what PLACES_SCRIPT says. */
import type { PlaceFacts, PlaceState } from './facts.ts';
import { isSafeWord } from './script.ts';
import type { Sections } from './sections.ts';

const STATES: Readonly<Record<string, PlaceState>> = {
  ok: 'ok',
  absent: 'absent',
  readonly: 'readonly',
  unwritable: 'full',
  noexec: 'noexec',
  foreign: 'foreign',
};

/** More than the script names, and more than it reads: each place is held against each mount. */
const MAX_PLACES = 20;
const MAX_MOUNTS = 2000;

/** File systems that live in memory. */
const MEMORY_TYPES = new Set(['tmpfs', 'ramfs', 'rootfs']);

export function parsePlaces(sections: Sections, mounts: readonly string[]): PlaceFacts[] {
  const files = filesByDir(sections.files);
  const free = sections.space.filter((line) => line.startsWith('/') || /\s\d+%\s/.test(line)).map(freeKb);
  let measured = 0;
  return sections.places.slice(0, MAX_PLACES).flatMap((line) => {
    const [word, dir, spoken, looked] = line.split(' ');
    const state = spoken === undefined ? undefined : STATES[spoken];
    if (word !== 'place' || !dir || !looked || !state) return [];
    const isMeasured = state === 'ok' || state === 'noexec' || state === 'full';
    const place: PlaceFacts = {
      dir,
      state: isSafeWord(dir) ? state : 'foreign', // odd characters would have to be quoted for every shell
      freeKb: isMeasured ? (free[measured++] ?? 0) : 0,
      memory: isInMemory(looked, mounts.slice(0, MAX_MOUNTS)),
      files: files[dir] ?? {},
      sums: sumsOf(sections.sums, dir),
      checkedNode: sections['checked-node'][0] ?? null,
      runs: sections.runs.filter(isSafeWord),
    };
    return [place];
  });
}

/** A line of df -kP: file system, blocks, used, available, capacity, mounted on. */
function freeKb(line: string): number {
  const match = /\s(-?\d+)\s+\d+%\s/.exec(line);
  return match ? Math.max(0, Number(match[1])) : 0;
}

/** Lines of ls -ln below "in DIR" lines: mode, links, uid, gid, size, three words of date, name. */
function filesByDir(lines: readonly string[]): Record<string, Record<string, number>> {
  const dirs: Record<string, Record<string, number>> = {};
  let current: Record<string, number> = {};
  for (const line of lines) {
    const fields = line.split(/\s+/);
    if (fields[0] === 'in' && fields[1]) {
      current = {};
      dirs[fields[1]] = current;
    } else if (fields[0]?.startsWith('-') && fields.length >= 9) current[fields.slice(8).join(' ')] = Number(fields[4]);
  }
  return dirs;
}

function sumsOf(lines: readonly string[], dir: string): Record<string, string> {
  const sums: Record<string, string> = {};
  for (const [, sum, path] of lines.join('\n').matchAll(/\b([0-9a-f]{64}) {2}(\S+)/g)) {
    if (sum && path?.startsWith(`${dir}/`)) sums[path.slice(dir.length + 1)] = sum;
  }
  return sums;
}

/** The longest mount point above `path` decides; of equal ones the last mounted. */
export function isInMemory(path: string, mounts: readonly string[]): boolean {
  let best = { length: -1, type: '' };
  for (const line of mounts) {
    const [, point, type] = line.split(' ');
    if (!point || !type) continue;
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    if (isAbove && point.length >= best.length) best = { length: point.length, type };
  }
  return MEMORY_TYPES.has(best.type);
}
