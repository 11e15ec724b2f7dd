/** /proc/PID/maps: the executable mappings, parsed from bytes because a browser has thousands that are not. */
import { readLines } from './procfs.ts';

export interface Mapping {
  readonly start: number;
  readonly end: number;
  /** Of the file, at `start`. */
  readonly offset: number;
  /** "fd:01:123456": device and inode; "00:00:0" for what is no file. */
  readonly file: string;
  /** Latin-1; '' for anonymous memory. */
  readonly path: string;
}

/** A process with more executable mappings than this is not looked at completely. */
const MAX_MAPPINGS = 16_384;
/** Doubles hold addresses up to here exactly; the vsyscall page above is an address space oddity nobody profiles. */
const MAX_ADDRESS = 2 ** 52;

/** Ascending. null where the process is gone or has no memory of its own (a kernel thread). */
export function readMaps(procRoot: string, pid: number): Mapping[] | null {
  const mappings: Mapping[] = [];
  const isThere = readLines(`${procRoot}/${pid}/maps`, (line) => {
    const mapping = mappings.length < MAX_MAPPINGS ? parseMapping(line) : null;
    if (mapping) mappings.push(mapping);
  });
  return isThere && mappings.length > 0 ? mappings : null;
}

/** "7f12a000-7f12b000 r-xp 00001000 fd:01 123456     /usr/lib/libc.so.6"; null where it is not executable. */
export function parseMapping(line: Buffer): Mapping | null {
  const space = line.indexOf(32);
  if (space < 0 || line[space + 3] !== 0x78) return null;
  const [range = '', , offset = '', device = '', inode = ''] = line
    .toString('latin1', 0, Math.min(line.length, 120))
    .split(/ +/, 5);
  const [start = '', end = ''] = range.split('-');
  const mapping = {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    offset: Number.parseInt(offset, 16),
    file: `${device}:${inode}`,
    path: pathOf(line),
  };
  return mapping.start < mapping.end && mapping.end <= MAX_ADDRESS && mapping.offset >= 0 ? mapping : null;
}

/** What follows the fifth field and its padding. */
function pathOf(line: Buffer): string {
  let at = 0;
  for (let field = 0; field < 5; field++) {
    at = line.indexOf(32, at);
    if (at < 0) return '';
    while (line[at] === 32) at++;
  }
  return line.toString('latin1', at);
}
