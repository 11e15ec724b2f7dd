/** What the tests of names share: a program that is mapped, its stacks, and a /proc of files that it is in. */
import { afterEach, beforeEach } from 'vitest';
import { writeElf } from './elf-writer.ts';
import { FakeProc } from './fake-proc.ts';
import { MappedRows } from './mapped-rows.ts';

export const BUILD_ID = 'ca'.repeat(20);
export const LIBC_ID = '1b'.repeat(20);
export const SYMBOLS = [
  { name: 'main', start: 0x401000, size: 0x100 },
  { name: 'parse', start: 0x401100, size: 0x100 },
  { name: 'read_file', start: 0x401200, size: 0x100 },
];
export const PROGRAM = writeElf({ buildId: BUILD_ID, symbols: SYMBOLS });
/** Mapped at 0x5000_0000: file offset 0x1000 is linked at 0x401000. */
export const BASE = 0x5000_0000;
export const program = (path = '/usr/bin/task', content = PROGRAM) => ({
  start: BASE,
  end: BASE + 0x1000,
  offset: 0x1000,
  path,
  content,
});
export const KERNEL = 0xffff_ffff_8100_0000n;

/** Leaf first, as the kernel hands them out: parse was interrupted, main had called it. */
export const USER = { hash: 7, space: 1, frames: [BASE + 0x110, BASE + 0x20] };
export const BY_BUILD_ID = {
  hash: 7,
  space: 2,
  frames: [
    { buildId: BUILD_ID, offset: 0x1110 },
    { buildId: BUILD_ID, offset: 0x1020 },
  ],
};

/** Of this test. */
export let proc: FakeProc;
export let names: MappedRows;

/** To be called once, at the top of a file. */
export function useNames(): void {
  beforeEach(() => {
    proc = new FakeProc();
    names = new MappedRows(proc.root, 'cpu-profile');
  });
  afterEach(() => proc.close());
}
