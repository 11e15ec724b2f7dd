import * as zstd from '@foxglove/wasm-zstd';

/** What `zstd` does without options. */
const LEVEL = 3;

/** Bytes of it. */
export async function zstdCompressed(bytes: Uint8Array): Promise<number> {
  await zstd.isLoaded;
  return zstd.compress(bytes, LEVEL).length;
}
