/** The best symbol so far for each of some addresses, in columns: most offers are refused, and none makes an object. */

const MAX_ALIASES = 4;
/** Above any rank: a symbol with a size beats one without, whatever their ranks. */
const SIZED = 8;

export interface Finding {
  readonly start: number;
  readonly size: number;
  readonly section: number;
  /** Where in the string table its names are; several symbols may share a start. */
  readonly names: readonly number[];
}

export class SymbolFinds {
  private readonly starts: Float64Array;
  private readonly sizes: Float64Array;
  private readonly worths: Uint8Array;
  private readonly sections: Uint16Array;
  private readonly aliases: Uint8Array;
  private readonly names: Uint32Array;

  constructor(count: number) {
    this.starts = new Float64Array(count).fill(-1);
    this.sizes = new Float64Array(count);
    this.worths = new Uint8Array(count);
    this.sections = new Uint16Array(count);
    this.aliases = new Uint8Array(count);
    this.names = new Uint32Array(count * MAX_ALIASES);
  }

  /** The later start is the inner symbol; of equal starts sized ones and stronger ones win; equals are aliases. */
  offer(index: number, start: number, size: number, rank: number, section: number, name: number): void {
    const held = this.starts[index] as number;
    if (start < held) return;
    const worth = size > 0 ? rank + SIZED : rank;
    if (start > held || worth > (this.worths[index] as number)) this.set(index, start, size, worth, section, name);
    else if (worth === this.worths[index]) this.addAlias(index, name);
  }

  has(index: number): boolean {
    return (this.starts[index] as number) >= 0;
  }

  /** null where none was offered. */
  at(index: number): Finding | null {
    if (!this.has(index)) return null;
    const start = this.starts[index] as number;
    const first = index * MAX_ALIASES;
    return {
      start,
      size: this.sizes[index] ?? 0,
      section: this.sections[index] ?? 0,
      names: [...this.names.subarray(first, first + (this.aliases[index] ?? 0))],
    };
  }

  private set(index: number, start: number, size: number, worth: number, section: number, name: number): void {
    this.starts[index] = start;
    this.sizes[index] = size;
    this.worths[index] = worth;
    this.sections[index] = section;
    this.aliases[index] = 1;
    this.names[index * MAX_ALIASES] = name;
  }

  private addAlias(index: number, name: number): void {
    const count = this.aliases[index] as number;
    if (count === MAX_ALIASES) return;
    this.names[index * MAX_ALIASES + count] = name;
    this.aliases[index] = count + 1;
  }
}
