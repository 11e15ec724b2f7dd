/**
 * Names of system calls. A call is a code: the table that numbers it << 24 | its number there, because a number alone
 * says nothing: 1 is write on x86-64, exit for a 32-bit process on the same box, and io_destroy on arm64.
 */
import { ARM, ARM64, I386, RISCV64, X32, X86_64 } from '../generated/syscall-names.ts';
import { unpackNames } from './unpack.ts';

export interface SyscallTable {
  /** Written into recordings: never renumbered. `bpf/include/calls.h` has the same. */
  readonly id: number;
  readonly name: string;
  /** What the processes are that use it. */
  readonly help: string;
}

/** By id. */
export const SYSCALL_TABLES: readonly SyscallTable[] = [
  { id: 1, name: 'x86-64', help: '64-bit processes of an x86-64 box' },
  { id: 2, name: 'i386', help: '32-bit processes, of an x86-64 box too' },
  { id: 3, name: 'x32', help: 'processes with 32-bit pointers of an x86-64 box' },
  { id: 4, name: 'arm64', help: '64-bit processes of an ARM box' },
  { id: 5, name: 'arm', help: '32-bit processes, of a 64-bit ARM box too' },
  { id: 6, name: 'riscv64', help: '64-bit processes of a RISC-V box' },
];

/** Packed names by table id; unpacked when the first call of a table is asked for. */
const PACKED: Readonly<Record<number, string>> = {
  1: X86_64,
  2: I386,
  3: X32,
  4: ARM64,
  5: ARM,
  6: RISCV64,
};
const unpacked = new Map<number, ReadonlyMap<number, string>>();

const NUMBER_BITS = 24;
const NUMBER_MASK = 2 ** NUMBER_BITS - 1;
/** The number of a call that has none any more: seccomp or a tracer took it away (-1). */
const NO_NUMBER = NUMBER_MASK;

export function syscallCode(table: number, number: number): number {
  return ((table << NUMBER_BITS) | (number & NUMBER_MASK)) >>> 0;
}

/** Every call of a table that has a name. */
export function namedCalls(table: number): { readonly code: number; readonly name: string }[] {
  return [...namesOf(table)].map(([number, name]) => ({ code: syscallCode(table, number), name }));
}

/** null: a table of a newer Sonde. */
export function syscallTableOf(code: number): SyscallTable | null {
  return SYSCALL_TABLES.find(({ id }) => id === code >>> NUMBER_BITS) ?? null;
}

/** "openat"; "#472 (arm64)" for a call that is newer than our tables: a number is better than a wrong name. */
export function syscallName(code: number): string {
  const number = code & NUMBER_MASK;
  const known = number === NO_NUMBER ? undefined : namesOf(code >>> NUMBER_BITS).get(number);
  if (known !== undefined) return known;
  const table = syscallTableOf(code)?.name ?? `table ${code >>> NUMBER_BITS}`;
  return `#${number === NO_NUMBER ? '?' : number} (${table})`;
}

function namesOf(table: number): ReadonlyMap<number, string> {
  let names = unpacked.get(table);
  if (!names) {
    names = unpackNames(PACKED[table] ?? '');
    unpacked.set(table, names);
  }
  return names;
}
