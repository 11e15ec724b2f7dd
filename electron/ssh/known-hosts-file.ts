/** known_hosts files on disk: read several, add to one. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { HostKey } from './host-key.ts';
import { hashName, type KnownHost, parseKnownHosts } from './known-hosts.ts';

/** As long as an HMAC-SHA1 key, as ssh-keygen -H does. */
const SALT_BYTES = 20;

/** Files that do not exist hold nothing; one that exists and cannot be read is a fault, or a changed key would pass as unknown. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const read = await Promise.all(files.map(readOne));
  return read.flat();
}

async function readOne(file: string): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    return raise(
      'file-io',
      `cannot check the host key: cannot read ${file}: ${code ?? error}`,
      'Make the file readable for you, or choose another known-hosts file.',
    );
  }
}

/** Appends one line, on a line of its own whatever the file ends with. */
export async function addKnownHost(file: string, name: string, key: HostKey, hashed: boolean): Promise<void> {
  const shown = hashed ? hashName(name, randomBytes(SALT_BYTES)) : name;
  const line = `${shown} ${key.algorithm} ${key.blob.toString('base64')}\n`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a+', 0o600);
    try {
      await handle.appendFile((await endsMidLine(handle)) ? `\n${line}` : line);
    } finally {
      await handle.close();
    }
  } catch (error) {
    raise('file-io', `cannot save the accepted host key in ${file}: ${(error as Error).message}`);
  }
}

async function endsMidLine(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
