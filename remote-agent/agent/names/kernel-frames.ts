/**
 * From kernel addresses to frame ids. Until the symbol table is there, a frame is the address as sampled and gets its
 * name later; afterwards a frame is a function, at its start, so that all samples in it share one frame: fewer stacks,
 * fewer bytes, and a viewer that looks at addresses loses nothing it could name.
 */
import type { Dictionary } from './dictionary.ts';
import type { Kallsyms } from './kallsyms.ts';
import type { ModuleRegistry } from './module-registry.ts';

/** Distinct addresses remembered, ~50 bytes each. Kernel code is sampled at a few thousand places. */
const MAX_REMEMBERED = 1 << 13;

export class KernelFrames {
  private readonly dictionary: Dictionary;
  private readonly registry: ModuleRegistry;
  private readonly frames = new Map<number, number>();
  private kallsyms: Kallsyms | null = null;

  constructor(dictionary: Dictionary, registry: ModuleRegistry) {
    this.dictionary = dictionary;
    this.registry = registry;
  }

  /** Low 52 bits of the address. 0 = the dictionary has no room. */
  of(address: number): number {
    const known = this.frames.get(address);
    if (known !== undefined) return known;
    const frame = this.define(address);
    if (this.frames.size >= MAX_REMEMBERED) this.frames.clear();
    if (frame !== 0) this.frames.set(address, frame);
    return frame;
  }

  /** Names what was sent so far, and from now on everything at once. */
  useTable(kallsyms: Kallsyms): void {
    this.kallsyms = kallsyms;
    for (const [address, frame] of this.frames) {
      const symbol = kallsyms.find(address);
      if (symbol) this.dictionary.name(frame, { name: symbol.name, interpreted: false });
    }
    this.frames.clear();
  }

  private define(address: number): number {
    const symbol = this.kallsyms?.find(address) ?? null;
    const module = this.registry.kernel(symbol?.module ?? '');
    if (!module) return 0;
    const offset = symbol?.start ?? address;
    const known = this.dictionary.findFrame(module.id, offset);
    return known || this.dictionary.frame(module.id, offset, symbol && { name: symbol.name, interpreted: false });
  }
}
