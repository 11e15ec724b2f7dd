/** What the programs in the kernel must know of a machine's system calls, which themselves only know numbers. */
import { namedCalls, SYSCALL_TABLES } from './names.ts';
import { isWaiting, signatureOf } from './signatures.ts';

/** Bits of a fact; `bpf/probes/slow-syscalls/slow-syscalls.h` has the same. Arguments count from 1; 0 = none. */
const FILE_SHIFT = 3;
const WAITS = 1 << 6;

/** By the name that `uname -m` gives; a loader says which it was built for. */
const TABLES_OF: Readonly<Record<string, readonly number[]>> = {
  aarch64: [4, 5],
  armv7l: [5],
  riscv64: [6],
  x86_64: [1, 2, 3],
};

/** Ids of the tables that processes of a machine can use, its own first. Of one we do not know: all. */
export function tablesOfMachine(machine: string): readonly number[] {
  return TABLES_OF[machine] ?? SYSCALL_TABLES.map(({ id }) => id);
}

/** Codes of the call of that name in each of the tables; none where no table has it. */
export function syscallCodes(name: string, tables: readonly number[]): number[] {
  return tables.flatMap((table) =>
    namedCalls(table)
      .filter((call) => call.name === name)
      .map(({ code }) => code),
  );
}

/** "code:fact,code:fact": first path | first file descriptor << 3 | whether it is there to wait << 6. */
export function callFacts(tables: readonly number[]): string {
  return tables
    .flatMap((table) => namedCalls(table).map(({ code, name }) => ({ code, fact: factOf(name, table) })))
    .filter(({ fact }) => fact !== 0)
    .map(({ code, fact }) => `${code}:${fact}`)
    .join(',');
}

function factOf(name: string, table: number): number {
  const kinds = signatureOf(name, table) ?? [];
  const path = kinds.indexOf('path') + 1;
  const file = kinds.findIndex((kind) => kind === 'fd' || kind === 'at') + 1;
  return path | (file << FILE_SHIFT) | (isWaiting(name) ? WAITS : 0);
}
