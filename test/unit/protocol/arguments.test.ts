import { describe, expect, it } from 'vitest';
import {
  argumentsOf,
  callFacts,
  describeCall,
  resultOf,
  resultText,
  SYSCALL_TABLES,
  syscallCode,
  syscallCodes,
  syscallName,
  tablesOfMachine,
} from '../../../remote-agent/protocol/index.ts';
import { namedCalls } from '../../../remote-agent/protocol/syscalls/names.ts';
import { signatureOf } from '../../../remote-agent/protocol/syscalls/signatures.ts';

const [X86_64, I386, ARM64, ARM] = [1, 2, 4, 5];
const AT_FDCWD = 0xffffff9cn; // as 32-bit registers have it, and as compilers leave it in 64-bit ones

function bytesOf(...words: (number | bigint)[]): Uint8Array {
  const bytes = Buffer.alloc(words.length * 8);
  for (const [i, word] of words.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(word)), i * 8);
  return bytes;
}

function text(call: string, args: (number | bigint)[], { table = X86_64, path = '', file = '' } = {}): string {
  const [code = 0] = syscallCodes(call, [table ?? 0]);
  expect(syscallName(code)).toBe(call);
  return describeCall(code, bytesOf(...args), path, file);
}

describe('a call as people write it', () => {
  it.each([
    [
      'openat',
      [AT_FDCWD, 0x7ffe, 0o2000000],
      { path: '/etc/hosts' },
      'openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC)',
    ],
    ['openat', [-100, 0x7ffe, 0o2000001], {}, 'openat(AT_FDCWD, 0x7ffe, O_WRONLY|O_CLOEXEC)'],
    [
      'openat',
      [5, 1, 0o1102, 0o644],
      { path: 'log', file: '/var' },
      'openat(5</var>, "log", O_RDWR|O_CREAT|O_TRUNC, 0644)',
    ],
    ['openat', [-100, 1, 0o20200002, 0o600], { path: '/tmp' }, 'openat(AT_FDCWD, "/tmp", O_RDWR|O_TMPFILE, 0600)'],
    ['open', [1, 0o40000000], { path: '/x' }, 'open("/x", O_RDONLY|0x800000)'],
    ['read', [3, 0x7f00, 4096], { file: 'pipe:[12]' }, 'read(3<pipe:[12]>, 0x7f00, 4096)'],
    [
      'connect',
      [7, 0x7f00, 16],
      { file: 'socket:tcp 10.0.2.15:4 -> 10.0.2.2:22' },
      'connect(7<socket:tcp 10.0.2.15:4 -> 10.0.2.2:22>, 0x7f00, 16)',
    ],
    ['socket', [2, 0o2004001, 6], {}, 'socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, 6)'],
    ['socket', [77, 9, 0], {}, 'socket(77, 9, 0)'],
    ['mmap', [0, 8192, 3, 0x22, 0xffffffffn, 0], {}, 'mmap(NULL, 8192, PROT_READ|PROT_WRITE, 0x22, -1, 0)'],
    ['mprotect', [0x1000, 4096, 0], {}, 'mprotect(0x1000, 4096, PROT_NONE)'],
    ['kill', [-1, 15], {}, 'kill(-1, SIGTERM)'],
    ['lseek', [3, -10, 2], {}, 'lseek(3, -10, SEEK_END)'],
    ['fsync', [4], { file: '/data/db' }, 'fsync(4</data/db>)'],
    ['sync', [], {}, 'sync()'],
    ['landlock_create_ruleset', [0xdead, 0, 1], {}, 'landlock_create_ruleset(0xdead, 0, 0x1)'],
  ] as const)('%s', (call, args, more, wanted) => {
    expect(text(call, [...args], more)).toBe(wanted);
  }); // prettier-ignore

  it('of a processor whose flags stand elsewhere', () => {
    expect(text('openat', [-100, 1, 0o40000], { table: ARM64, path: '/' })).toBe(
      'openat(AT_FDCWD, "/", O_RDONLY|O_DIRECTORY)',
    );
    expect(text('openat', [-100, 1, 0o200000], { path: '/' })).toBe('openat(AT_FDCWD, "/", O_RDONLY|O_DIRECTORY)');
    expect(text('open', [1, 0o100000], { table: ARM, path: '/a' })).toBe('open("/a", O_RDONLY|O_NOFOLLOW)');
  });

  it('what takes two registers in 32-bit processes stays numbers there', () => {
    expect(text('pread64', [3, 0x10, 9, 0, 4096, 0], { table: I386 })).toBe('pread64(3, 0x10, 9, 0)');
    expect(text('mmap', [0xff00], { table: I386 })).toBe('mmap(0xff00)');
    expect(text('mmap2', [0, 4096, 1, 2, 3, 7], { table: ARM, file: '/lib/a.so' })).toBe(
      'mmap2(NULL, 4096, PROT_READ, 0x2, 3</lib/a.so>, 7)',
    );
  });

  it('of a call that nobody knows, or of which nothing is known', () => {
    expect(describeCall(syscallCode(1, 999), bytesOf(1, 0, 255), '', '')).toBe('#999 (x86-64)(0x1, 0, 0xff)');
    expect(describeCall(syscallCode(1, 59), new Uint8Array(0), '', '')).toBe('execve(…)');
  });

  it('is one line, and bounded, whatever a path says', () => {
    const nasty = `/a\n"; rm -rf \u202e${'x'.repeat(5000)}`;
    const told = text('unlink', [1], { path: nasty });
    expect(told).toMatch(/^unlink\("\/a\\x0a\\"; rm -rf \\u\{202e\}x+…"\)$/);
    expect(told.length).toBeLessThan(300);
  });

  it('has six arguments and a result, also where zeros at the end are left out', () => {
    expect(argumentsOf(Uint8Array.of(1, 2))).toEqual([0x201n, 0n, 0n, 0n, 0n, 0n]);
    expect(argumentsOf(bytesOf(-1)).at(0)).toBe(2n ** 64n - 1n);
    expect(resultOf(bytesOf(-2))).toBe(-2n);
    expect(resultOf(new Uint8Array(0))).toBe(0n);
    expect([bytesOf(-2), bytesOf(17), bytesOf(0x7f31c4a00000)].map(resultText)).toEqual(['-2', '17', '0x7f31c4a00000']);
  });
});

describe('facts about calls', () => {
  const factsOf = (machine: string) =>
    new Map(
      callFacts(tablesOfMachine(machine))
        .split(',')
        .map((pair) => pair.split(':').map(Number) as [number, number]),
    ); // prettier-ignore

  it('say where paths and files are, and what is there to wait', () => {
    const facts = factsOf('x86_64');
    const of = (call: string, table = X86_64) => facts.get(syscallCodes(call, [table ?? 0])[0] ?? 0);
    expect(of('open')).toBe(1);
    expect(of('openat')).toBe(2 | (1 << 3));
    expect(of('read')).toBe(1 << 3);
    expect(of('mmap')).toBe(5 << 3);
    expect(of('mmap', I386)).toBeUndefined(); // one pointer to them all
    expect(of('nanosleep')).toBe(1 << 6);
    expect(of('epoll_wait')).toBe((1 << 3) | (1 << 6));
    expect(of('close')).toBeUndefined(); // the number is somebody else's afterwards
    expect(of('getpid')).toBeUndefined();
  });

  it('are of the tables that a machine has, and fit a command line', () => {
    for (const [machine, tables] of [
      ['x86_64', [1, 2, 3]],
      ['aarch64', [4, 5]],
      ['armv7l', [5]],
      ['riscv64', [6]],
    ] as const) {
      expect(new Set([...factsOf(machine).keys()].map((code) => code >>> 24))).toEqual(new Set(tables));
      expect(callFacts(tables).length).toBeLessThan(64 << 10); // the kernel takes 128 KiB per argument
    }
    expect(tablesOfMachine('mips')).toEqual(SYSCALL_TABLES.map(({ id }) => id));
  }); // prettier-ignore

  it('every call that has a signature exists in some table', () => {
    const names = new Set(SYSCALL_TABLES.flatMap(({ id }) => namedCalls(id).map(({ name }) => name)));
    const known = [...names].filter((name) => signatureOf(name, X86_64 ?? 0) !== null);
    expect(known.length).toBeGreaterThan(150);
    for (const name of known) expect(signatureOf(name, X86_64 ?? 0)?.length).toBeLessThanOrEqual(6);
  });
});
