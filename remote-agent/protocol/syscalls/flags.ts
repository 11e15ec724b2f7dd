/** Numbers in arguments of system calls by the names of the kernel's headers. What has none stays a number. */

const OPEN_FLAGS: readonly (readonly [number, string])[] = [
  [0o100, 'O_CREAT'],
  [0o200, 'O_EXCL'],
  [0o400, 'O_NOCTTY'],
  [0o1000, 'O_TRUNC'],
  [0o2000, 'O_APPEND'],
  [0o4000, 'O_NONBLOCK'],
  [0o4010000, 'O_SYNC'],
  [0o10000, 'O_DSYNC'],
  [0o20000, 'O_ASYNC'],
  [0o1000000, 'O_NOATIME'],
  [0o2000000, 'O_CLOEXEC'],
  [0o10000000, 'O_PATH'],
];
/** O_TMPFILE contains O_DIRECTORY. */
const TMPFILE = 0o20000000;
/** Four flags have other places on ARM than on x86 and RISC-V. */
const GENERIC_PLACES = { direct: 0o40000, largefile: 0o100000, directory: 0o200000, nofollow: 0o400000 };
const ARM_PLACES = { direct: 0o200000, largefile: 0o400000, directory: 0o40000, nofollow: 0o100000 };
const ACCESS = ['O_RDONLY', 'O_WRONLY', 'O_RDWR'];

export const WHENCES = ['SEEK_SET', 'SEEK_CUR', 'SEEK_END', 'SEEK_DATA', 'SEEK_HOLE'];
const CLOCKS = [
  'CLOCK_REALTIME',
  'CLOCK_MONOTONIC',
  'CLOCK_PROCESS_CPUTIME_ID',
  'CLOCK_THREAD_CPUTIME_ID',
  'CLOCK_MONOTONIC_RAW',
  'CLOCK_REALTIME_COARSE',
  'CLOCK_MONOTONIC_COARSE',
  'CLOCK_BOOTTIME',
  'CLOCK_REALTIME_ALARM',
  'CLOCK_BOOTTIME_ALARM',
];
const FAMILIES: Readonly<Record<number, string>> = {
  0: 'AF_UNSPEC',
  1: 'AF_UNIX',
  2: 'AF_INET',
  10: 'AF_INET6',
  15: 'AF_KEY',
  16: 'AF_NETLINK',
  17: 'AF_PACKET',
  29: 'AF_CAN',
  31: 'AF_BLUETOOTH',
  38: 'AF_ALG',
  40: 'AF_VSOCK',
  44: 'AF_XDP',
};
const SOCKET_TYPES: Readonly<Record<number, string>> = {
  1: 'SOCK_STREAM',
  2: 'SOCK_DGRAM',
  3: 'SOCK_RAW',
  4: 'SOCK_RDM',
  5: 'SOCK_SEQPACKET',
  6: 'SOCK_DCCP',
  10: 'SOCK_PACKET',
};
const SOCKET_TYPE_MASK = 0xf;
const SOCKET_FLAGS: readonly (readonly [number, string])[] = [
  [0o4000, 'SOCK_NONBLOCK'],
  [0o2000000, 'SOCK_CLOEXEC'],
];
const PROTS: readonly (readonly [number, string])[] = [
  [1, 'PROT_READ'],
  [2, 'PROT_WRITE'],
  [4, 'PROT_EXEC'],
  [8, 'PROT_SEM'],
  [0x01000000, 'PROT_GROWSDOWN'],
  [0x02000000, 'PROT_GROWSUP'],
];
/** From 1. */
const SIGNALS =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU
  XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

/** @param table name of the caller's table of calls */
export function openFlags(flags: number, table: string): string {
  const places = table.startsWith('arm') ? ARM_PLACES : GENERIC_PLACES;
  const all: (readonly [number, string])[] = [
    [TMPFILE | places.directory, 'O_TMPFILE'],
    ...OPEN_FLAGS,
    [places.direct, 'O_DIRECT'],
    [places.largefile, 'O_LARGEFILE'],
    [places.directory, 'O_DIRECTORY'],
    [places.nofollow, 'O_NOFOLLOW'],
  ];
  return joined(flags & ~3, all, ACCESS[flags & 3] ?? '0x3');
}

export function socketType(type: number): string {
  const kind = type & SOCKET_TYPE_MASK;
  return joined(type & ~SOCKET_TYPE_MASK, SOCKET_FLAGS, SOCKET_TYPES[kind] ?? String(kind));
}

export function protText(prot: number): string {
  return prot === 0 ? 'PROT_NONE' : joined(prot, PROTS, '');
}

/** Octal, as permissions are written. */
export function accessMode(mode: number): string {
  return `0${(mode >>> 0).toString(8)}`;
}

export function familyName(family: number): string {
  return FAMILIES[family] ?? String(family);
}

export function clockName(clock: number): string {
  return CLOCKS[clock] ?? String(clock);
}

export function signalName(signal: number): string {
  const name = SIGNALS[signal - 1];
  return name === undefined ? String(signal) : `SIG${name}`;
}

function joined(bits: number, names: readonly (readonly [number, string])[], first: string): string {
  const texts = first === '' ? [] : [first];
  let rest = bits;
  for (const [flag, name] of names) {
    if ((rest & flag) !== flag) continue;
    texts.push(name);
    rest &= ~flag;
  }
  if (rest !== 0) texts.push(`0x${(rest >>> 0).toString(16)}`);
  return texts.join('|');
}
