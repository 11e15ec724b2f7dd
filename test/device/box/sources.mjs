// The text of this room's own files, as part of an artefact's recipe: change a builder, and what it built is rebuilt.

import { readdir, readFile } from 'node:fs/promises';

/**
 * @param {...string} names relative to this folder; a name ending in / means every file in it
 * @returns {Promise<Buffer[]>}
 */
export async function sources(...names) {
  const parts = await Promise.all(
    names.map(async (name) => {
      const url = new URL(name, import.meta.url);
      if (!name.endsWith('/')) return [await readFile(url)];
      const files = (await readdir(url)).sort();
      return Promise.all(files.map((file) => readFile(new URL(file, url))));
    }),
  );
  return parts.flat();
}
