/** Names that were learned of the device, and what stands for each of them wherever else it comes in a text. */

/** Shorter ones come by chance: alone in a text, or as a part of a longer word ("sh" in "setup.sh"). */
const MIN_ALONE = 2;
const MIN_PART = 3;
/** All of them are in one pattern. */
const MAX_ANYWHERE = 200;

export class Words {
  private readonly known = new Map<string, string>();
  /** Those that are looked for inside of longer words, too: "edge-7" in "edge-7-agent". */
  private readonly anywhere = new Map<string, string>();
  private pattern: RegExp | null = null;

  learn(word: string, standIn: string): void {
    if (!this.known.has(word)) this.known.set(word, standIn);
  }

  /** For what there are few of: hosts, users. Upper and lower case are the same. */
  learnAnywhere(word: string, standIn: string): void {
    this.learn(word, standIn);
    const key = word.toLowerCase();
    if (word.length < MIN_PART || this.anywhere.has(key) || this.anywhere.size >= MAX_ANYWHERE) return;
    this.anywhere.set(key, standIn);
    const longestFirst = [...this.anywhere.keys()].toSorted((a, b) => b.length - a.length);
    const all = longestFirst.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    this.pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${all})(?![\\p{L}\\p{N}])`, 'giu');
  }

  /** Of a whole word only; null = not known. */
  of(word: string): string | null {
    return this.known.get(word) ?? this.known.get(word.toLowerCase()) ?? null;
  }

  /** Known words inside of `text`: "mosquitto.service", "edge-7:/data". */
  replace(text: string): string {
    if (this.known.size === 0) return text;
    return text.replace(/[\p{L}\p{N}_.@-]+/gu, (word) => this.ofAtLeast(MIN_ALONE, word) ?? this.inner(word));
  }

  private inner(word: string): string {
    const found = this.pattern
      ? word.replace(this.pattern, (name) => this.anywhere.get(name.toLowerCase()) ?? name)
      : word;
    if (found !== word || !/[.@-]/.test(word)) return found;
    return word.replace(
      /[\p{L}\p{N}_-]+/gu,
      (part) =>
        this.ofAtLeast(MIN_PART, part) ??
        part.replace(/[\p{L}\p{N}_]+/gu, (piece) => this.ofAtLeast(MIN_PART, piece) ?? piece),
    );
  }

  private ofAtLeast(length: number, word: string): string | null {
    return word.length < length ? null : this.of(word);
  }
}
