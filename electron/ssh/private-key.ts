/** A private key file: its public half is known before its passphrase is asked for. */
import { readFile } from 'node:fs/promises';
import { type ParsedKey, utils } from 'ssh2';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { type Ask, askSecret } from './ask.ts';

/** As ssh does. */
const PASSPHRASE_TRIES = 3;
/** Private keys are a few KB; this is somebody's disk image. */
const MAX_KEY_BYTES = 256 * 1024;
const OPENSSH_HEADER = Buffer.from('openssh-key-v1\0', 'latin1');

export interface PrivateKeyFile {
  readonly path: string;
  /** null = encrypted in an old format, with no .pub file beside it: only its passphrase tells. */
  readonly publicBlob: Buffer | null;
  /** Asks for the passphrase where needed. null = the user entered nothing: leave this key out. */
  unlock(ask: Ask): Promise<ParsedKey | null>;
}

/** null = there is no such file. Throws key-unusable for one that is no private key. */
export async function openPrivateKey(path: string): Promise<PrivateKeyFile | null> {
  const text = await readKeyText(path);
  if (text === null) return null;
  const plain = parse(text, undefined);
  if (!(plain instanceof Error)) {
    if (!plain.isPrivateKey())
      unusable(path, 'it holds a public key', 'Choose the private key: the file of the same name without .pub.');
    return { path, publicBlob: plain.getPublicSSH(), unlock: () => Promise.resolve(plain) };
  }
  if (!/encrypted/i.test(plain.message)) unusable(path, plain.message, hintFor(text));
  const publicBlob = publicHalf(text) ?? (await readPublicFile(`${path}.pub`));
  return { path, publicBlob, unlock: (ask) => unlock(path, text, ask) };
}

async function unlock(path: string, text: Buffer, ask: Ask): Promise<ParsedKey | null> {
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const passphrase = await askSecret(ask, {
      purpose: 'passphrase',
      text: `Passphrase of ${path}`,
      retry: attempt > 0,
    });
    if (passphrase === '') return null;
    const key = parse(text, passphrase);
    if (!(key instanceof Error)) return key;
  }
  return unusable(path, `the passphrase was wrong ${PASSPHRASE_TRIES} times`);
}

function parse(text: Buffer, passphrase: string | undefined): ParsedKey | Error {
  try {
    const parsed = passphrase === undefined ? utils.parseKey(text) : utils.parseKey(text, passphrase);
    return Array.isArray(parsed) ? (parsed[0] ?? new Error('it holds no key')) : parsed;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function readKeyText(path: string): Promise<Buffer | null> {
  try {
    const text = await readFile(path);
    return text.length > MAX_KEY_BYTES ? unusable(path, 'it is far too large for a key') : text;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : unusable(path, code);
  }
}

/** The OpenSSH format keeps the public half readable: magic, cipher, kdf, kdf options, count, then the public key. */
function publicHalf(text: Buffer): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text.toString('latin1'));
  if (!body?.[1]) return null;
  const bytes = Buffer.from(body[1], 'base64');
  if (!bytes.subarray(0, OPENSSH_HEADER.length).equals(OPENSSH_HEADER)) return null;
  try {
    let at = OPENSSH_HEADER.length;
    for (let skip = 0; skip < 3; skip++) at += 4 + bytes.readUInt32BE(at);
    at += 4; // number of keys, always 1
    const length = bytes.readUInt32BE(at);
    return at + 4 + length <= bytes.length ? bytes.subarray(at + 4, at + 4 + length) : null;
  } catch {
    return null; // cut short: the passphrase question finds out
  }
}

async function readPublicFile(path: string): Promise<Buffer | null> {
  const text = await readFile(path).catch(() => null); // optional: it only saves a question
  if (text === null) return null;
  const key = parse(text, undefined);
  return key instanceof Error ? null : key.getPublicSSH();
}

function hintFor(text: Buffer): string {
  if (text.includes('PuTTY-User-Key-File-3')) return 'Convert it: puttygen key.ppk -O private-openssh -o id_device';
  return 'Choose a private key in OpenSSH or PEM format (ed25519, ECDSA or RSA).';
}

function unusable(path: string, why: string, hint?: string): never {
  return raise('key-unusable', `cannot use the key ${path}: ${why}`, hint);
}
