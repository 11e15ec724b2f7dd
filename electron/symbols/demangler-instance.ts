/** One instance of gecko-profiler-demangle (the Rust crates cpp_demangle and rustc-demangle), with bounded memory. */
import { readFileSync } from 'node:fs';
import { limitMemory } from './limit-memory.ts';
import { findWasm } from './wasm-file.ts';

/** 64 KiB each. The instance starts with 17; a name of 4096 characters never needed more than 2 MB. */
const MAX_PAGES = 128;
/** Alignment of a byte, as wasm-bindgen's allocator wants it. */
const BYTE = 1;

/** What wasm-bindgen made of the one Rust function, and its allocator. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly demangle_any: (address: number, length: number) => readonly [address: number, length: number];
  readonly __wbindgen_malloc: (length: number, alignment: number) => number;
  readonly __wbindgen_free: (address: number, length: number, alignment: number) => void;
}

let compiled: WebAssembly.Module | null = null;

/** Not usable after it threw. */
export class DemanglerInstance {
  private readonly exports: Exports;
  private readonly encoder = new TextEncoder();
  private readonly decoder = new TextDecoder();

  constructor() {
    // Compiled without waiting: 520 KB take some 4 ms.
    compiled ??= new WebAssembly.Module(
      limitMemory(readFileSync(findWasm('gecko-profiler-demangle', 'index_bg.wasm')), MAX_PAGES),
    );
    // The module wants a table for JavaScript objects set up; demangling never touches one.
    const imports = { './index_bg.js': { __wbindgen_init_externref_table: () => undefined } };
    this.exports = new WebAssembly.Instance(compiled, imports).exports as unknown as Exports;
  }

  demangle(name: string): string {
    const { memory, demangle_any, __wbindgen_malloc, __wbindgen_free } = this.exports;
    const bytes = this.encoder.encode(name);
    const argument = __wbindgen_malloc(bytes.length, BYTE);
    new Uint8Array(memory.buffer, argument >>> 0, bytes.length).set(bytes);
    const [address, length] = demangle_any(argument, bytes.length); // frees its argument
    const result = this.decoder.decode(new Uint8Array(memory.buffer, address >>> 0, length));
    __wbindgen_free(address, length, BYTE);
    return result;
  }
}
