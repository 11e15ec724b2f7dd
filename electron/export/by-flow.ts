/**
 * What is known of flows, by their ids, for as long as the device may speak of them: a recording of days has millions.
 * The agent forgets in the same way, but sooner. The id of a forgotten flow is given to no other.
 */

/** The agent remembers half as many: of more that have not ended, those silent longest are not heard of again. */
const MOST_OPEN = 1 << 17;
/** Rows of an ended flow may still come from another CPU or probe. The agent waits 3 s for them, and a window takes one. */
const LINGER_NS = 5e9;

interface Held<T> {
  readonly id: number;
  readonly value: T;
  seenNs: number;
  isEnded: boolean;
}

export class ByFlow<T> {
  private held = new Map<number, Held<T>>();
  /** Oldest first. */
  private ended: Held<T>[] = [];
  private readonly mostOpen: number;

  constructor(mostOpen = MOST_OPEN) {
    this.mostOpen = mostOpen;
  }

  get(id: number): T | undefined {
    return this.held.get(id)?.value;
  }

  set(id: number, value: T, nowNs: number): T {
    this.held.set(id, { id, value, seenNs: nowNs, isEnded: false });
    return value;
  }

  /** `nowNs`: end of the window that has a row of it. */
  touch(id: number, nowNs: number, isEnd: boolean): void {
    const held = this.held.get(id);
    if (!held) return;
    held.seenNs = nowNs;
    if (!isEnd || held.isEnded) return;
    held.isEnded = true;
    this.ended.push(held);
  }

  values(): T[] {
    return [...this.held.values()].map(({ value }) => value);
  }

  /** Before each window, with its beginning: what will not be heard of again. */
  forget(nowNs: number): T[] {
    let count = 0;
    while (count < this.ended.length && (this.ended[count]?.seenNs ?? 0) + LINGER_NS <= nowNs) count++;
    const over = this.ended.splice(0, count);
    for (const { id } of over) this.held.delete(id);
    if (this.held.size - this.ended.length > this.mostOpen) over.push(...this.forgetSilent());
    return over.map(({ value }) => value);
  }

  /** All. */
  clear(): T[] {
    const all = this.values();
    this.held = new Map();
    this.ended = [];
    return all;
  }

  /** Half of those that have not ended. */
  private forgetSilent(): Held<T>[] {
    const open = [...this.held.values()].filter(({ isEnded }) => !isEnded);
    const silent = open.sort((a, b) => a.seenNs - b.seenNs).slice(0, open.length >> 1);
    for (const { id } of silent) this.held.delete(id);
    return silent;
  }
}
