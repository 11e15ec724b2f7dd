/** From user addresses to frame ids. 0 = the dictionary has no room. */
import type { Mapping } from '../proc/maps.ts';
import type { Process } from '../proc/process.ts';
import type { Dictionary } from './dictionary.ts';
import type { Module } from './module.ts';
import { isFile, type ModuleRegistry } from './module-registry.ts';
import type { Symbols } from './symbols.ts';

export class UserFrames {
  private readonly dictionary: Dictionary;
  private readonly registry: ModuleRegistry;
  private readonly symbols: Symbols;

  constructor(dictionary: Dictionary, registry: ModuleRegistry, symbols: Symbols) {
    this.dictionary = dictionary;
    this.registry = registry;
    this.symbols = symbols;
  }

  /** `address` lies in `process.mappings[index]`. */
  ofMapped(process: Process, index: number, mapping: Mapping, address: number): number {
    const module = this.moduleOf(process, index, mapping);
    if (!module) return 0;
    const isJit = module === process.jit;
    return this.frame(module, isJit ? address : address - mapping.start + mapping.offset);
  }

  ofBuildId(process: Process, buildId: string, offset: number): number {
    const module = this.registry.ofBuildId(buildId, process.pid, process.mappings, process.exe, process.comm);
    return module ? this.frame(module, offset) : 0;
  }

  /**
   * An address in no mapping. All of them are one frame: without frame pointers a walk ends in such numbers, each
   * different from the last, and none of them means anything.
   */
  unknown(): number {
    const module = this.registry.unknown();
    return module ? this.frame(module, 0) : 0;
  }

  private moduleOf(process: Process, index: number, mapping: Mapping): Module | null {
    const known = process.modules[index];
    if (known) return known;
    const isJit = mapping.path !== '[vdso]' && !isFile(mapping);
    if (isJit) process.jit ??= this.registry.jit(process.pid);
    const module = isJit ? process.jit : this.registry.ofMapping(process.pid, mapping, process.exe);
    if (module) process.modules[index] = module;
    return module;
  }

  private frame(module: Module, offset: number): number {
    const known = this.dictionary.findFrame(module.id, offset);
    if (known !== 0) return known;
    const name = module.ranges.find(offset);
    const naming = name === null ? null : { name: Buffer.from(name, 'latin1'), interpreted: false };
    const frame = this.dictionary.frame(module.id, offset, naming);
    if (frame !== 0 && !naming) this.symbols.want(module, frame, offset);
    return frame;
  }
}
