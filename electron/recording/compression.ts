/** What chunks are compressed with. Sonde writes zstd; other tools that rewrite a recording may choose lz4 or nothing. */
import decompressLz4 from '@foxglove/wasm-lz4';
import * as zstd from '@foxglove/wasm-zstd';

/** 3 is zstd's own default: a second of a busy box takes 0.2 ms, and 9 saves another 2 % for ten times that. */
const QUICK = 3;
/** Put in order once, read often: 6 is hardly quicker, and 9 takes half as long again for not a byte less. */
export const THOROUGH = 7;

/** Resolves when both directions may be used. */
export async function loadCodecs(): Promise<void> {
  await Promise.all([zstd.isLoaded, decompressLz4.isLoaded]);
}

export function compress(bytes: Uint8Array, level = QUICK): { compression: 'zstd'; bytes: Uint8Array } {
  return { compression: 'zstd', bytes: zstd.compress(bytes, level) };
}

/** null for a method that is not known. Throws where the bytes do not hold together. */
export function decompress(compression: string, bytes: Uint8Array, size: number): Uint8Array | null {
  switch (compression) {
    case '':
      return bytes;
    case 'lz4':
      return decompressLz4(bytes, size);
    case 'zstd':
      return zstd.decompress(bytes, size);
    default:
      return null;
  }
}
