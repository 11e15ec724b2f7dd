/** Takes a device out of the user's known_hosts files, as `ssh-keygen -R` does: the next connection asks again. */
import { chmod, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { forgetIn } from './known-hosts.ts';
import { resolveRoute } from './route.ts';
import type { SshTarget } from './target.ts';

export interface ForgottenHost {
  /** Lines that are gone. */
  readonly removed: number;
  /** FILE:LINE of those that still name it: of the system, or of many hosts at once. */
  readonly stayed: readonly string[];
}

export async function forgetHostKeys(target: SshTarget): Promise<ForgottenHost> {
  const hop = (await resolveRoute(target, () => undefined)).at(-1);
  if (!hop) throw new Error('a route has a last hop');
  let removed = 0;
  const stayed: string[] = [];
  for (const file of hop.knownHostsFiles) {
    const text = await readFile(file, 'utf8').catch(() => null); // not there: nothing to forget
    if (text === null) continue;
    const isOwn = hop.userKnownHostsFiles.includes(file);
    const forgotten = forgetIn(text, hop.knownHostName);
    const named = isOwn ? forgotten.stayed : [...forgotten.stayed, ...forgotten.removed].toSorted((a, b) => a - b);
    stayed.push(...named.map((line) => `${file}:${line}`));
    if (!isOwn || forgotten.removed.length === 0) continue;
    await replace(file, forgotten.text);
    removed += forgotten.removed.length;
  }
  return { removed, stayed };
}

/** Written beside and renamed, so that it is never half there; a link keeps leading to it. */
async function replace(link: string, text: string): Promise<void> {
  try {
    const file = await realpath(link);
    const { mode } = await stat(file);
    const next = `${file}.${process.pid}.new`;
    await writeFile(next, text, { mode: 0o600 });
    await chmod(next, mode & 0o777);
    await rename(next, file);
  } catch (error) {
    raise('file-io', `cannot forget the host key: cannot write ${link}: ${(error as Error).message}`);
  }
}
