/**
 * A flame graph as one SVG file: any viewer draws it; in a browser, offline too, the script inside zooms and searches.
 *
 *      <g class="box" data-x="0.25" data-w="0.5" data-d="3"> <title>name, line end, more</title> <rect/> <text/> </g>
 *
 * x and w are shares of the whole, d is how deep it stands.
 */
import flameScript from 'page:flame-svg';
import type { ProfileExporter } from '../exporters.ts';
import { escapeMarkup } from '../markup.ts';
import type { CollectedProfile } from '../profile/collect-profile.ts';
import { factLines } from '../profile/facts.ts';
import { boxClass, boxRules } from './colours.ts';
import { FLAME_KINDS } from './flame-kinds.ts';
import { childrenOf, type FlameNode, flameTree } from './flame-tree.ts';

export const svg: ProfileExporter = {
  of: 'profile',
  format: 'svg',
  title: 'Flame graph as a picture that zooms and searches in any browser',
  extension: '.svg',
  pieces: (profile) => flameSvg(profile, true),
};

const WIDTH = 1200;
const MARGIN = 10;
const ROW = 17;
const FONT = 11;
/** Of the fixed-width font, with room for wider ones. */
const CHARACTER = 6.7;
const LINE = 15;
/** Boxes below a twentieth of a pixel are nobody's to see, and would make the file a hundred times as large. */
const LEAST_SHARE = 1 / (20 * WIDTH);
/** Boxes per piece. */
const BATCH = 500;

interface Box {
  readonly node: FlameNode;
  /** Shares of the whole. */
  readonly x: number;
  readonly w: number;
  readonly depth: number;
}

export function* flameSvg(profile: CollectedProfile, withScript: boolean): Generator<string, void, void> {
  const root = flameTree(profile);
  const { boxes, leftOut } = boxesOf(root);
  const facts = [
    ...factLines(profile),
    ...(leftOut > 0 ? [`left out: ${leftOut} boxes that are too narrow to be seen`] : []),
  ];
  const top = 44 + facts.length * LINE;
  const rows = boxes.reduce((most, { depth }) => Math.max(most, depth + 1), 1);
  const height = top + rows * ROW + 2 * LINE + MARGIN;
  yield head(height, titleOf(profile), facts, withScript);
  yield `<g id="boxes">\n`;
  for (let at = 0; at < boxes.length; at += BATCH)
    yield boxes
      .slice(at, at + BATCH)
      .map((box) => boxMarkup(box, root.samples, top + (rows - 1 - box.depth) * ROW))
      .join('');
  yield `</g>\n${legend(height - MARGIN)}`;
  yield withScript ? `<script><![CDATA[\n${flameScript}\n]]></script>\n</svg>\n` : '</svg>\n';
}

function boxesOf(root: FlameNode): { boxes: Box[]; leftOut: number } {
  const boxes: Box[] = [];
  let leftOut = 0;
  const whole = Math.max(1, root.samples);
  const lay = (node: FlameNode, start: number, depth: number): void => {
    const w = node.samples / whole;
    if (depth > 0 && w < LEAST_SHARE) return void leftOut++;
    boxes.push({ node, x: start / whole, w: depth === 0 ? 1 : w, depth });
    let at = start;
    for (const child of childrenOf(node)) {
      lay(child, at, depth + 1);
      at += child.samples;
    }
  };
  lay(root, 0, 0);
  return { boxes, leftOut };
}

function head(height: number, title: string, facts: readonly string[], withScript: boolean): string {
  const lines = facts
    .map((line, at) => `<text class="dim" x="${MARGIN}" y="${44 + at * LINE}">${escapeMarkup(line)}</text>\n`)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escapeMarkup(title)}</title>
<style>${style()}</style>
<rect id="ground" width="${WIDTH}" height="${height}"/>
<text class="title" x="${MARGIN}" y="24">${escapeMarkup(title)}</text>
${lines}${withScript ? controls() : ''}`;
}

function style(): string {
  const light = `#ground{fill:#f3f5f6}text{fill:#16202a}.dim{fill:#4c5963}.box rect{stroke:#f3f5f6}${boxRules('light')}`;
  const dark = `#ground{fill:#12171b}text{fill:#e3e9ed}.box text{fill:#ffffff}.dim{fill:#a0adb6}.box rect{stroke:#12171b}${boxRules('dark')}.found rect{fill:#56bfdb}.found text{fill:#05222b}input{background:#1a2127;color:#e3e9ed;border-color:#36424b}`;
  return `text{font-family:ui-monospace,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:${FONT}px}.title{font-size:17px;font-family:system-ui,"Noto Sans","DejaVu Sans",sans-serif}.box rect{stroke-width:0.5}.box text{pointer-events:none}${light}.found rect{fill:#0a6480}.found text{fill:#ffffff}.box:hover rect{stroke:#0b79d0;stroke-width:1.5}.around{opacity:0.55}input{box-sizing:border-box;width:100%;font:12px system-ui,sans-serif;padding:3px 6px;border:1px solid #c6ced3;border-radius:4px;background:#fff;color:#16202a}@media (prefers-color-scheme:dark){${dark}}`;
}

/** The script shows what is under the pointer in #words, and what was found. */
function controls(): string {
  return `<foreignObject x="${WIDTH - 250 - MARGIN}" y="8" width="250" height="28"><input xmlns="http://www.w3.org/1999/xhtml" id="search" type="search" placeholder="Search functions" aria-label="Search functions"/></foreignObject>
<text id="words" class="dim" x="${WIDTH - MARGIN}" y="52" text-anchor="end"></text>
`;
}

function boxMarkup({ node, x, w, depth }: Box, whole: number, y: number): string {
  const inner = WIDTH - 2 * MARGIN;
  const share = whole === 0 ? 0 : (100 * node.samples) / whole;
  const place = node.file === '' ? '' : `${node.file}, `;
  const words = `${node.name}\n${place}${node.samples} samples, ${share.toFixed(2)} %`;
  const left = MARGIN + x * inner;
  const width = w * inner;
  const fits = Math.floor((width - 4) / CHARACTER);
  const label = fits < 2 ? '' : node.name.length <= fits ? node.name : `${node.name.slice(0, fits - 1)}…`;
  return (
    `<g class="box" data-x="${round(x)}" data-w="${round(w)}" data-d="${depth}"><title>${escapeMarkup(words)}</title>` +
    `<rect class="${boxClass(node.kind, node.name)}" x="${left.toFixed(2)}" y="${y}" width="${Math.max(0.1, width).toFixed(2)}" height="${ROW - 1}" rx="1.5"/>` +
    (label === '' ? '' : `<text x="${(left + 3).toFixed(2)}" y="${y + 12}">${escapeMarkup(label)}</text>`) +
    '</g>\n'
  );
}

/** Exact enough that a box a thousandth of a pixel wide stands in its parent when that is zoomed to. */
function round(share: number): string {
  return String(Number(share.toFixed(8)));
}

function legend(y: number): string {
  let x = MARGIN;
  return FLAME_KINDS.map((kind, at) => {
    const mark = `<rect class="k${at}s0" x="${x}" y="${y - 10}" width="11" height="11"/><text class="dim" x="${x + 15}" y="${y}">${kind}</text>\n`;
    x += 15 + (kind.length + 3) * CHARACTER;
    return mark;
  }).join('');
}

function titleOf({ device, realtimeMs }: CollectedProfile): string {
  const when = realtimeMs === null ? '' : `, ${new Date(realtimeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `CPU profile of ${device?.hostname || 'a recording'}${when}`;
}
