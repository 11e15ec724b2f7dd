/** The flame graph, root on top. A click zooms, typing searches; boxes are made as far as they can be seen. */
import { boxClass } from '../../flame/colours.ts';
import { FLAME_KINDS } from '../../flame/flame-kinds.ts';
import type { ReportFlame } from '../report-data.ts';
import type { Choice } from './choice.ts';
import { el, searchBox, section } from './dom.ts';

const ROW = 18;
const CHARACTER = 6.8;
/** Narrower ones nobody can tell apart, or hit. */
const LEAST_PX = 0.7;

export function flameSection(flame: ReportFlame, choice: Choice): HTMLElement | null {
  return (flame.samples[0] ?? 0) === 0 ? null : new Flame(flame, choice).element;
}

class Flame {
  readonly element: HTMLElement;
  private readonly flame: ReportFlame;
  private readonly children: number[][];
  private readonly picture = el('div', { class: 'flame' });
  private readonly words = el('p', { class: 'words', 'aria-live': 'polite' }, '\u00a0');
  private zoomed = 0;
  private wanted = '';

  constructor(flame: ReportFlame, choice: Choice) {
    this.flame = flame;
    this.children = flame.parent.map(() => []);
    for (const [node, parent] of flame.parent.entries()) this.children[parent]?.push(node);
    const search = searchBox('Search functions', (text) => this.search(text));
    const reset = el('button', { type: 'button' }, 'Show all');
    reset.addEventListener('click', () => choice.set(''));
    const left = flame.leftOut > 0 ? ` ${flame.leftOut} of the narrowest boxes are left out.` : '';
    const hint = el('p', { class: 'dim' }, `A click on a box zooms to it; one on a box above it zooms out.${left}`);
    const bar = el('div', { class: 'bar' }, search, reset, legend());
    this.element = section('CPU profile', hint, bar, this.words, this.picture);
    choice.onChange(() => this.zoom(this.processNode(choice.who)));
    this.picture.addEventListener('click', (event) => this.onBox(event, (node) => this.zoom(node)));
    this.picture.addEventListener('mouseover', (event) => this.onBox(event, (node) => this.say(this.wordsOf(node))));
    this.picture.addEventListener('focusin', (event) => this.onBox(event, (node) => this.say(this.wordsOf(node))));
    this.picture.addEventListener('mouseleave', () => this.say(this.found()));
    new ResizeObserver(() => this.draw()).observe(this.picture);
  }

  private processNode(who: string): number {
    return (this.children[0] ?? []).find((node) => this.name(node) === who) ?? 0;
  }

  private onBox(event: Event, act: (node: number) => void): void {
    const box = (event.target as Element).closest<HTMLElement>('[data-node]');
    if (box) act(Number(box.dataset['node']));
  }

  private zoom(node: number): void {
    this.zoomed = node;
    this.draw();
    this.picture.querySelector<HTMLElement>(`[data-node="${node}"]`)?.focus({ preventScroll: true });
  }

  private search(wanted: string): void {
    this.wanted = wanted;
    this.draw();
    this.say(this.found());
  }

  private draw(): void {
    const width = this.picture.clientWidth;
    if (width === 0) return;
    const boxes: HTMLElement[] = [];
    const under = this.pathTo(this.zoomed);
    for (const [depth, node] of under.entries()) boxes.push(this.box(node, 0, width, depth, true));
    let rows = under.length;
    const lay = (node: number, x: number, depth: number, px: number): void => {
      let at = x;
      for (const child of this.children[node] ?? []) {
        const w = this.samples(child) * px;
        if (w >= LEAST_PX) {
          boxes.push(this.box(child, at, w, depth, false));
          rows = Math.max(rows, depth + 1);
          lay(child, at, depth + 1, px);
        }
        at += w;
      }
    };
    const top = boxes.push(this.box(this.zoomed, 0, width, under.length, false));
    lay(this.zoomed, 0, top, width / Math.max(1, this.samples(this.zoomed)));
    this.picture.style.height = `${Math.max(rows, top) * ROW}px`;
    this.picture.replaceChildren(...boxes);
  }

  private box(node: number, x: number, w: number, depth: number, isUnder: boolean): HTMLElement {
    const name = this.name(node);
    const kind = FLAME_KINDS[this.flame.kind[node] ?? 0] ?? 'unknown';
    const isFound = this.wanted !== '' && name.toLowerCase().includes(this.wanted);
    const classes = ['box', boxClass(kind, name), isUnder ? 'under' : '', isFound ? 'found' : ''];
    const fits = Math.floor((w - 6) / CHARACTER);
    const label = fits < 2 ? '' : name.length <= fits ? name : `${name.slice(0, fits - 1)}…`;
    // Wide boxes can be reached by keys; hundreds of narrow ones would only be in the way.
    const keys = fits >= 2 ? { tabindex: '0' } : { tabindex: '-1' };
    const box = el(
      'button',
      {
        type: 'button',
        class: classes.join(' '),
        'data-node': String(node),
        'aria-label': this.wordsOf(node),
        ...keys,
      },
      label,
    );
    Object.assign(box.style, { left: `${x}px`, width: `${Math.max(1, w - 1)}px`, top: `${depth * ROW}px` });
    return box;
  }

  private pathTo(node: number): number[] {
    const path: number[] = [];
    for (let at = this.flame.parent[node] ?? -1; at >= 0; at = this.flame.parent[at] ?? -1) path.unshift(at);
    return path;
  }

  private wordsOf(node: number): string {
    const file = this.flame.texts[this.flame.file[node] ?? 0] ?? '';
    const [own, all] = [this.samples(node), this.samples(0)];
    return `${this.name(node)}${file === '' ? '' : `, ${file}`}: ${own} samples, ${percent(own / all)} of all`;
  }

  /** What stands on a found box is found with it. */
  private found(): string {
    if (this.wanted === '') return '';
    let samples = 0;
    const look = (node: number): void => {
      if (this.name(node).toLowerCase().includes(this.wanted)) samples += this.samples(node);
      else for (const child of this.children[node] ?? []) look(child);
    };
    look(0);
    return `“${this.wanted}”: ${samples} samples, ${percent(samples / Math.max(1, this.samples(0)))} of all`;
  }

  private say(text: string): void {
    this.words.textContent = text || '\u00a0';
  }

  private name(node: number): string {
    return this.flame.texts[this.flame.name[node] ?? 0] ?? '';
  }

  private samples(node: number): number {
    return this.flame.samples[node] ?? 0;
  }
}

function legend(): HTMLElement {
  const marks = FLAME_KINDS.map((kind, at) => {
    const mark = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    mark.setAttribute('class', `mark k${at}s0`);
    return el('span', {}, mark, kind);
  });
  return el('span', { class: 'legend dim' }, ...marks);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
