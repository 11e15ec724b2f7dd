/**
 * Functions of one module whose names are known: file ranges, sorted, not overlapping where symbols are sane. New
 * samples mostly hit functions that were hit before, so most frames are named here without looking at a file again.
 */
export class NamedRanges {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly names: string[] = [];

  get size(): number {
    return this.names.length;
  }

  /** Latin-1 name of the range that holds `offset`; null where none is known. */
  find(offset: number): string | null {
    const at = this.lastFrom(offset);
    return at >= 0 && offset < (this.ends[at] ?? 0) ? (this.names[at] ?? null) : null;
  }

  add(start: number, end: number, name: string): void {
    const at = this.lastFrom(start);
    if (at >= 0 && this.starts[at] === start) {
      this.ends[at] = Math.max(end, this.ends[at] ?? 0);
      return;
    }
    this.starts.splice(at + 1, 0, start);
    this.ends.splice(at + 1, 0, end);
    this.names.splice(at + 1, 0, name);
  }

  clear(): void {
    this.starts.length = this.ends.length = this.names.length = 0;
  }

  /** Index of the last range that starts at or before `offset`; -1 where there is none. */
  private lastFrom(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
