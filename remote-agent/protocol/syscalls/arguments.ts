/**
 * A call as people write it: `openat(AT_FDCWD, "/etc/hosts", O_RDONLY|O_CLOEXEC)`. Only what the numbers themselves
 * say is spelled out; what a pointer points at was not read, but for the first path.
 */
import { safeText } from '../text.ts';
import { accessMode, clockName, familyName, openFlags, protText, signalName, socketType, WHENCES } from './flags.ts';
import { syscallName, syscallTableOf } from './names.ts';
import { type ArgumentKind, signatureOf } from './signatures.ts';

const COUNT = 6;
const WORD_BYTES = 8;
const AT_FDCWD = -100;
/** UTF-16 units of a path or of a file as shown inside of a call. */
const MAX_NAME = 200;
/** Tables of processes with 32-bit registers. */
const NARROW = ['i386', 'arm'];
const O_CREAT_OR_TMPFILE = 0o20000100;

/** Six, from a column `args`. */
export function argumentsOf(bytes: Uint8Array): bigint[] {
  return Array.from({ length: COUNT }, (_, i) => wordAt(bytes, i * WORD_BYTES));
}

/** From a column `result`. */
export function resultOf(bytes: Uint8Array): bigint {
  return BigInt.asIntN(64, wordAt(bytes, 0));
}

/** "-2" or "3"; what is no small number is an address or bits: "0x7f31c4a00000". */
export function resultText(bytes: Uint8Array): string {
  const result = resultOf(bytes);
  return result >= 2n ** 40n || result < -(2n ** 31n) ? hex(BigInt.asUintN(64, result)) : String(result);
}

/**
 * @param args column `args`; without any bytes they are not known
 * @param path its first path, '' where it is not known
 * @param file what its first file descriptor was, '' where it is not known
 */
export function describeCall(code: number, args: Uint8Array, path: string, file: string): string {
  const name = syscallName(code);
  const kinds = signatureOf(name, code >>> 24);
  if (kinds?.length === 0) return `${name}()`;
  if (args.length === 0) return `${name}(…)`;
  const values = argumentsOf(args);
  return `${name}(${(kinds ? known(code, kinds, values, path, file) : unknown(values)).join(', ')})`;
}

function known(
  code: number,
  kinds: readonly ArgumentKind[],
  values: readonly bigint[],
  path: string,
  file: string,
): string[] {
  const table = syscallTableOf(code)?.name ?? '';
  const wide = kinds.indexOf('off');
  const certain = wide >= 0 && NARROW.includes(table) ? wide : kinds.length;
  const firstPath = kinds.indexOf('path');
  const firstFile = kinds.findIndex((kind) => kind === 'fd' || kind === 'at');
  const texts = kinds.map((kind, i) => {
    const value = values[i] ?? 0n;
    if (i >= certain) return hex(value);
    if (i === firstPath && path !== '') return quoted(path);
    const text = argumentText(kind, value, table);
    return i === firstFile && file !== '' && text !== 'AT_FDCWD' ? `${text}<${safeText(file, MAX_NAME)}>` : text;
  });
  return isModeIdle(kinds, values) ? texts.slice(0, -1) : texts;
}

/** What is in registers that a call may not even look at. */
function unknown(values: readonly bigint[]): string[] {
  const last = values.findLastIndex((value) => value !== 0n);
  return values.slice(0, last + 1).map(hex);
}

/** Whoever opens without making anything gives no mode, and the register holds anything. */
function isModeIdle(kinds: readonly ArgumentKind[], values: readonly bigint[]): boolean {
  const flags = kinds.indexOf('oflags');
  return flags >= 0 && kinds[flags + 1] === 'mode' && (int(values[flags] ?? 0n) & O_CREAT_OR_TMPFILE) === 0;
}

function argumentText(kind: ArgumentKind, value: bigint, table: string): string {
  switch (kind) {
    case 'at':
      return int(value) === AT_FDCWD ? 'AT_FDCWD' : String(int(value));
    case 'clock':
      return clockName(int(value));
    case 'family':
      return familyName(int(value));
    case 'fd':
    case 'fdn':
    case 'int':
      return String(int(value));
    case 'mode':
      return accessMode(int(value));
    case 'off':
      return String(BigInt.asIntN(64, value));
    case 'oflags':
      return openFlags(int(value), table);
    case 'prot':
      return protText(int(value));
    case 'signal':
      return signalName(int(value));
    case 'size':
      return String(value);
    case 'socktype':
      return socketType(int(value));
    case 'whence':
      return WHENCES[int(value)] ?? String(int(value));
    case 'path':
    case 'ptr':
      return value === 0n ? 'NULL' : hex(value);
    case 'hex':
      return hex(value);
  }
}

function int(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function hex(value: bigint): string {
  return value === 0n ? '0' : `0x${value.toString(16)}`;
}

function quoted(path: string): string {
  return `"${safeText(path, MAX_NAME).replaceAll('"', '\\"')}"`;
}

function wordAt(bytes: Uint8Array, at: number): bigint {
  let word = 0n;
  for (let i = Math.min(at + WORD_BYTES, bytes.length) - 1; i >= at; i--) word = (word << 8n) | BigInt(bytes[i] ?? 0);
  return word;
}
