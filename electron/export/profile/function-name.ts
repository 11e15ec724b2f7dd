/** What a frame is called outside of Sonde: readable, and never empty. */
import type { FrameDef, ModuleDef } from '../../../remote-agent/protocol/index.ts';
import { demangle } from '../../symbols/index.ts';

/** Addresses without a name are put together by 256 bytes, about the length of a function: as in the views. */
const UNNAMED_BUCKET_BYTES = 256;
const RUST_HASH = /::h[0-9a-f]{16}$/;

export function functionName(frame: FrameDef | undefined, module: ModuleDef | undefined): string {
  if (!frame) return '[unknown]';
  if (frame.name !== '') return demangle(frame.name).replace(RUST_HASH, '');
  const file = module ? moduleFile(module) : '';
  switch (module?.kind) {
    case 'kernel':
      return '[kernel]';
    case 'jit':
      return '[code made at run time]';
    case 'executable':
    case 'library':
    case 'vdso':
      return file === ''
        ? '[unknown]'
        : `${file}+0x${(frame.offset - (frame.offset % UNNAMED_BUCKET_BYTES)).toString(16)}`;
    default:
      return '[unknown]';
  }
}

/** Last part of the path: `libc.so.6`. */
export function moduleFile(module: ModuleDef): string {
  return module.path.slice(module.path.lastIndexOf('/') + 1);
}
