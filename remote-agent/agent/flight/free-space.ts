/** Whether the device has room: a recording fills neither its disk nor, where the files lie in memory, that. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { readSmall } from '../proc/procfs.ts';
import { parseAvailable } from '../self/cost.ts';

/** Share that stays free whatever is recorded, and bytes of a small one. */
export const FREE_SHARE = 0.1;
const FREE_BYTES = 16e6;
/** Of statfs(2): tmpfs, ramfs. */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6];

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Why `bytes` more must not be written; '' = they may. */
export function refusal(bytes: number, { freeBytes, totalBytes }: Space): string {
  const stays = freeBytes - bytes;
  if (stays >= Math.max(FREE_SHARE * totalBytes, Math.min(FREE_BYTES, totalBytes / 2))) return '';
  return `the device has ${Math.round(freeBytes / 1e6)} of ${Math.round(totalBytes / 1e6)} MB left`;
}

export function spaceAt(folder: string): Space {
  // Node 18.15 brought it; before that df says it.
  if (typeof fs.statfsSync !== 'function') return spaceOfDf(execFileSync('df', ['-kP', folder], { encoding: 'utf8' }));
  const { bavail, blocks, bsize, type } = fs.statfsSync(folder);
  const disk = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  return IN_MEMORY.includes(type) ? withinMemory(disk) : disk;
}

/** The last line: file system, blocks, used, available, capacity, mounted on. */
export function spaceOfDf(text: string): Space {
  const [, blocks = 0, , available = 0] = (text.trimEnd().split('\n').at(-1) ?? '').split(/\s+/).map(Number);
  return { freeBytes: available * 1024, totalBytes: blocks * 1024 };
}

function withinMemory({ freeBytes }: Space): Space {
  const available = Number(parseAvailable(readSmall('/proc/meminfo') ?? '')) || freemem();
  return { freeBytes: Math.min(freeBytes, available), totalBytes: totalmem() };
}
