import { isFunctionKey, type Names, type NodeKey } from '../../derive/index.ts';

/** Fewer letters than this say nothing. */
const FEWEST_LETTERS = 3;

interface Entry {
  readonly full: string;
  readonly fullPx: number;
  /** Ever shorter spellings, tried in turn; the last one is cut. */
  readonly shorter: readonly { readonly text: string; readonly px: number }[];
  fittedPx: number;
  fitted: string;
}

/**
 * Finds the text for a box of some width. Widths are sums of letter widths, measured once per letter (drawing is done
 * without kerning, so the sum is exact), and each name remembers its last answer: no measuring while the picture moves.
 */
export class LabelFitter {
  readonly #measure: (text: string) => number;
  readonly #letters = new Map<string, number>();
  readonly #entries = new Map<NodeKey, Entry>();
  #names: Names | null = null;

  constructor(measure: (text: string) => number) {
    this.#measure = measure;
  }

  /** Function names never change, those of processes and threads may. */
  setNames(names: Names): void {
    if (names === this.#names) return;
    this.#names = names;
    for (const key of this.#entries.keys()) if (!isFunctionKey(key)) this.#entries.delete(key);
  }

  /** '' where nothing readable fits. */
  fit(key: NodeKey, px: number): string {
    const entry = this.#entry(key);
    if (entry.fullPx <= px) return entry.full;
    const whole = Math.floor(px);
    if (entry.fittedPx !== whole) {
      entry.fittedPx = whole;
      entry.fitted = this.#shorten(entry, whole);
    }
    return entry.fitted;
  }

  widthOf(text: string): number {
    let px = 0;
    for (const letter of text) px += this.#letterPx(letter);
    return px;
  }

  #entry(key: NodeKey): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const full = this.#names?.name(key) ?? '';
    const shorter = spellings(full, this.#names?.short(key) ?? '').map((text) => ({ text, px: this.widthOf(text) }));
    const entry = { full, fullPx: this.widthOf(full), shorter, fittedPx: -1, fitted: '' };
    this.#entries.set(key, entry);
    return entry;
  }

  #shorten({ full, shorter }: Entry, px: number): string {
    const whole = shorter.find((spelling) => spelling.px <= px);
    return whole ? whole.text : this.#cut(shorter.at(-1)?.text ?? full, px);
  }

  #cut(text: string, px: number): string {
    let left = px - this.#letterPx('…');
    let kept = '';
    let letters = 0;
    for (const letter of text) {
      left -= this.#letterPx(letter);
      if (left < 0) break;
      kept += letter;
      letters++;
    }
    return letters >= FEWEST_LETTERS ? `${kept}…` : '';
  }

  #letterPx(letter: string): number {
    let px = this.#letters.get(letter);
    if (px === undefined) this.#letters.set(letter, (px = this.#measure(letter)));
    return px;
  }
}

/** `a::b<…>::push` → itself, `…b<…>::push`, `…push`: what is called says more than where it lives. */
function spellings(full: string, short: string): string[] {
  const all = short !== full ? [short] : [];
  const parts = short.split('::');
  for (let from = 1; from < parts.length; from++) all.push(`…${parts.slice(from).join('::')}`);
  return all;
}
