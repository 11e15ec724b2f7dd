/** Flame graphs as pictures. */
import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import { exported, profileOf, profileOfStacks } from './helpers.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

const STACKS = 'nginx;main;loop;read_[k] 30\nnginx;main;_ZN3foo3barEv 10\nsh;main 60';

interface Box {
  readonly x: number;
  readonly w: number;
  readonly depth: number;
  readonly name: string;
  readonly words: string;
}

function boxesOf(svg: string): Box[] {
  const box = /<g class="box" data-x="([\d.]+)" data-w="([\d.]+)" data-d="(\d+)"><title>([^\n]*)\n([^<]*)<\/title>/g;
  return [...svg.matchAll(box)].map(([, x, w, d, name = '', words = '']) => ({
    x: Number(x),
    w: Number(w),
    depth: Number(d),
    name,
    words,
  }));
}

test('svg: a box per function and caller, as wide as its samples, inside of what called it', async () => {
  const boxes = boxesOf(exported('svg', await profileOfStacks(STACKS)).toString());
  expect(boxes.map(({ name, w, depth }) => `${'  '.repeat(depth)}${name} ${w}`)).toEqual([
    'all 1',
    '  nginx (101) 0.4',
    '    main 0.4',
    '      foo::bar() 0.1',
    '      loop 0.3',
    '        read 0.3',
    '  sh (102) 0.6',
    '    main 0.6',
  ]);
  expect(boxes[5]).toMatchObject({ x: 0.1, words: '[kernel], 30 samples, 30.00 %' });
});

test('svg: what was lost and how fast was sampled stands in the picture', async () => {
  const svg = exported('svg', await profileOfStacks(STACKS, { lost: { 'map-full': 7 } })).toString();
  expect(svg).toContain('sampled: 99 Hz on 2 CPUs');
  expect(svg).toContain('lost: 7 samples');
});

test('svg: names are text, whatever stands in them', async () => {
  const hostile = 'x</title><script>alert(1)</script>]]>&"\'';
  const svg = exported(
    'svg',
    await profileOf(signalsFromStacks([{ process: hostile, frames: [hostile], samples: 1 }])),
  ).toString();
  expect(svg.match(/<script>/g)).toHaveLength(1);
  expect(svg.match(/\]\]>/g)).toHaveLength(1);
  expect(svg).toContain('x&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;&amp;&quot;&#39;');
  // A strict XML parser takes it.
  expect(new Resvg(svg).width).toBe(1200);
});

test('svg: a profile without samples is a picture too', async () => {
  const svg = exported('svg', await profileOfStacks([], { seconds: 2 })).toString();
  expect(boxesOf(svg)).toMatchObject([{ name: 'all', w: 1 }]);
  expect(new Resvg(svg).width).toBe(1200);
});

test('png: the same picture in pixels', async () => {
  const profile = await profileOfStacks(STACKS);
  const png = exported('png', profile);
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(png.readUInt32BE(16)).toBe(2400);
  const other = exported('png', await profileOfStacks('nginx;main 1'));
  expect(png.equals(other)).toBe(false);
});
