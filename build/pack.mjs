/**
 * Packs what the loader unpacks on the device (bpf/loader/unpack.c): one zstd frame.
 *
 * As a script, so that several large files may be packed side by side: `node build/pack.mjs FROM TO`.
 */
import zstd from '@foxglove/wasm-zstd';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The last level whose window is 8 MB: the loader grants no more, because that is memory of the device. */
const LEVEL = 19;

/**
 * @param {Uint8Array} plain
 * @returns {Promise<{ packed: Uint8Array, facts: { sha256: string, size: number, unpacked: number } }>}
 *   facts: sum and size of what travels, and the size on the device
 */
export async function pack(plain) {
  await zstd.isLoaded;
  const packed = zstd.compress(plain, LEVEL);
  return { packed, facts: { sha256: sha256(packed), size: packed.length, unpacked: plain.length } };
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [from, to] = process.argv.slice(2);
  const { packed, facts } = await pack(readFileSync(from));
  writeFileSync(to, packed);
  console.log(JSON.stringify(facts));
}
