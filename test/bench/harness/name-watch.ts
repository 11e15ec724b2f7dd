/** Tells when a flame graph would show functions instead of addresses: when most samples so far have a named leaf. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';

export class NameWatch {
  samples = 0;
  private readonly named = new Set<number>();
  /** Leaf frame of each stack. */
  private readonly leaves: number[] = [0];
  private readonly samplesByLeaf = new Map<number, number>();

  take(signal: Signal): void {
    if (signal.kind === 'definitions') {
      for (const { id, name } of signal.frames) if (name !== '') this.named.add(id);
      for (const { frame, name } of signal.names) if (name !== '') this.named.add(frame);
      this.leaves.push(...signal.stackFrames);
    }
    if (signal.kind !== 'window') return;
    const [, , stacks, samples] = signal.columns as readonly Uint32Array[];
    for (let row = 0; row < signal.rows; row++) {
      const leaf = this.leaves[stacks?.[row] ?? 0] ?? 0;
      const count = samples?.[row] ?? 0;
      this.samples += count;
      this.samplesByLeaf.set(leaf, (this.samplesByLeaf.get(leaf) ?? 0) + count);
    }
  }

  get mostAreNamed(): boolean {
    let named = 0;
    for (const [leaf, count] of this.samplesByLeaf) if (this.named.has(leaf)) named += count;
    return named > this.samples / 2;
  }
}
