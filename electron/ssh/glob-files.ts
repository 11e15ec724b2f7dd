import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { glob } from 'ssh-config';

/** Files a path with * and ? in its last part names, sorted; the path itself where it has none. */
export async function listMatches(path: string): Promise<string[]> {
  const pattern = basename(path);
  if (!/[*?]/.test(pattern)) return [path];
  try {
    const names = await readdir(dirname(path));
    return names
      .filter((name) => !name.startsWith('.') && glob(pattern, name))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch {
    return []; // a folder that is not there includes nothing
  }
}
