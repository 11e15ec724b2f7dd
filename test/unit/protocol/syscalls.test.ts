import { describe, expect, it } from 'vitest';
import {
  errnoMeaning,
  errnoName,
  SYSCALL_TABLES,
  syscallCode,
  syscallName,
  syscallTableOf,
} from '../../../remote-agent/protocol/index.ts';

const tableId = (name: string) => SYSCALL_TABLES.find((table) => table.name === name)?.id ?? 0;
const named = (table: string, number: number) => syscallName(syscallCode(tableId(table), number));

/** Numbers that are written down in other places than the headers our tables are made of: manuals, strace, seccomp. */
const KNOWN: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'x86-64': {
    0: 'read',
    1: 'write',
    110: 'getppid',
    202: 'futex',
    230: 'clock_nanosleep',
    257: 'openat',
    435: 'clone3',
  },
  i386: { 1: 'exit', 3: 'read', 102: 'socketcall', 192: 'mmap2', 295: 'openat', 403: 'clock_gettime64', 435: 'clone3' },
  x32: { 0: 'read', 257: 'openat', 512: 'rt_sigaction', 520: 'execve', 547: 'pwritev2' },
  arm64: { 56: 'openat', 63: 'read', 98: 'futex', 115: 'clock_nanosleep', 173: 'getppid', 220: 'clone', 435: 'clone3' },
  arm: {
    3: 'read',
    64: 'getppid',
    322: 'openat',
    407: 'clock_nanosleep_time64',
    0x0f0002: 'cacheflush',
    0x0f0005: 'set_tls',
  },
  riscv64: { 56: 'openat', 63: 'read', 173: 'getppid', 258: 'riscv_hwprobe', 259: 'riscv_flush_icache' },
};

describe('names of system calls', () => {
  it.each(Object.entries(KNOWN))('of %s', (table, calls) => {
    for (const [number, name] of Object.entries(calls)) expect(named(table, Number(number))).toBe(name);
  });

  it('are numbers where a call is not known', () => {
    expect(named('x86-64', 400)).toBe('#400 (x86-64)'); // between the old numbers and the shared ones
    expect(named('arm64', 0xfffffe)).toBe('#16777214 (arm64)');
    expect(named('riscv64', 38)).toBe('#38 (riscv64)'); // renameat, which RISC-V never had
    expect(syscallName(syscallCode(200, 1))).toBe('#1 (table 200)');
    expect(named('arm64', -1)).toBe('#? (arm64)');
  });

  it.each(SYSCALL_TABLES)('of $name: each name once, each a name', ({ id }) => {
    const numbers = [...Array(1024).keys(), ...Array.from({ length: 16 }, (_, i) => 0x0f0000 + i)];
    const names = numbers.map((number) => syscallName(syscallCode(id, number))).filter((name) => !name.startsWith('#'));
    expect(names.length).toBeGreaterThan(300);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
  });
});

describe('codes of system calls', () => {
  it('carry the table and stay 32 bits wide', () => {
    for (const table of SYSCALL_TABLES) expect(syscallTableOf(syscallCode(table.id, 0xffffff))).toBe(table);
    expect(syscallTableOf(syscallCode(0, 1))).toBeNull();
    expect(syscallCode(255, -1)).toBe(0xffff_ffff);
  });

  it('count tables from 1', () => {
    expect(SYSCALL_TABLES.map(({ id }) => id)).toEqual(SYSCALL_TABLES.map((_, i) => i + 1));
  });
});

describe('errors', () => {
  it('have the names and words of the C library', () => {
    expect([1, 2, 11, 35, 38, 95, 111, 133].map(errnoName)).toEqual(
      'EPERM ENOENT EAGAIN EDEADLK ENOSYS EOPNOTSUPP ECONNREFUSED EHWPOISON'.split(' '),
    );
    expect(errnoMeaning(111)).toBe('Connection refused');
    expect(errnoMeaning(2)).toBe('No such file or directory');
  });

  it('of the kernel alone are named too', () => {
    expect(errnoName(512)).toBe('ERESTARTSYS');
    expect(errnoMeaning(516)).toContain('restart_syscall');
  });

  it('that nobody knows are numbers', () => {
    for (const errno of [41, 58, 4000]) {
      expect(errnoName(errno)).toBe(`#${errno}`);
      expect(errnoMeaning(errno)).toBe('');
    }
  });

  it('have one name each, and a meaning with each name', () => {
    const named = Array.from({ length: 4095 }, (_, i) => i + 1).filter((errno) => !errnoName(errno).startsWith('#'));
    expect(new Set(named.map(errnoName)).size).toBe(named.length);
    expect(named.length).toBeGreaterThan(140);
    for (const errno of named) expect(errnoMeaning(errno), errnoName(errno)).not.toBe('');
  });
});
