/**
 * The script inside an SVG flame graph: a click zooms, typing searches, the pointer asks. Everything it needs stands in
 * the boxes' attributes; without it the picture is whole, only still.
 */
const WIDTH = 1200;
const MARGIN = 10;
const INNER = WIDTH - 2 * MARGIN;
const CHARACTER = 6.7;
const ROUNDING = 1e-7;

interface Box {
  readonly group: SVGGElement;
  readonly rect: SVGRectElement;
  /** Made when there is room for it. */
  text: SVGTextElement | null;
  readonly name: string;
  readonly words: string;
  readonly x: number;
  readonly w: number;
  readonly depth: number;
}

const boxes = [...document.querySelectorAll<SVGGElement>('.box')].map(boxOf);
const byGroup = new Map<Element, Box>(boxes.map((box) => [box.group, box]));
const words = document.querySelector('#words');
const search = document.querySelector<HTMLInputElement>('#search');
let found = '';

function boxOf(group: SVGGElement): Box {
  const [title, rect, text] = group.children;
  const { x = '', w = '', d = '' } = group.dataset;
  const said = title?.textContent ?? '';
  return {
    group,
    rect: rect as SVGRectElement,
    text: (text as SVGTextElement | undefined) ?? null,
    name: said.slice(0, said.indexOf('\n')),
    words: said.replace('\n', ': '),
    x: Number(x),
    w: Number(w),
    depth: Number(d),
  };
}

function under(event: Event): Box | null {
  const group = (event.target as Element).closest('.box');
  return (group && byGroup.get(group)) ?? null;
}

/** The box fills the picture, what it stands on spans it, and the rest is out of sight. */
function zoom(to: Box): void {
  const end = to.x + to.w;
  for (const box of boxes) {
    const isUnder = box.depth < to.depth && box.x <= to.x + ROUNDING && box.x + box.w >= end - ROUNDING;
    const isInside = box.depth >= to.depth && box.x >= to.x - ROUNDING && box.x + box.w <= end + ROUNDING;
    box.group.style.display = isUnder || isInside ? '' : 'none';
    box.group.classList.toggle('around', isUnder);
    if (isUnder) place(box, 0, 1);
    else if (isInside) place(box, (box.x - to.x) / to.w, box.w / to.w);
  }
}

function place(box: Box, x: number, w: number): void {
  const { rect, name } = box;
  const left = MARGIN + x * INNER;
  const width = w * INNER;
  rect.setAttribute('x', left.toFixed(2));
  rect.setAttribute('width', Math.max(0.1, width).toFixed(2));
  const fits = Math.floor((width - 4) / CHARACTER);
  if (fits < 2 && !box.text) return;
  box.text ??= makeText(box);
  box.text.setAttribute('x', (left + 3).toFixed(2));
  box.text.textContent = fits < 2 ? '' : name.length <= fits ? name : `${name.slice(0, fits - 1)}…`;
}

function makeText({ group, rect }: Box): SVGTextElement {
  const text = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  text.setAttribute('y', String(Number(rect.getAttribute('y')) + 12));
  group.append(text);
  return text;
}

/** Boxes that stand on a found one are counted with it. */
function find(wanted: string): void {
  const lower = wanted.toLowerCase();
  let end = 0;
  let share = 0;
  for (const box of boxes) {
    const isFound = lower !== '' && box.name.toLowerCase().includes(lower);
    box.group.classList.toggle('found', isFound);
    // Boxes stand in the order of the tree, so what lies in front of `end` is above one that was counted.
    if (!isFound || box.x < end - ROUNDING) continue;
    share += box.w;
    end = box.x + box.w;
  }
  found = lower === '' ? '' : `found: ${(100 * share).toFixed(2)} %`;
  say(found);
}

function say(text: string): void {
  if (words) words.textContent = text;
}

document.addEventListener('click', (event) => {
  const box = under(event);
  if (box) zoom(box);
});
document.addEventListener('mouseover', (event) => say(under(event)?.words ?? found));
search?.addEventListener('input', () => find(search.value));
document.addEventListener('keydown', (event) => {
  const [root] = boxes;
  if (event.key === 'Escape' && root) zoom(root);
  if (event.key !== '/' || event.target === search) return;
  event.preventDefault();
  search?.focus();
});
