/** How much is loaded into the page, and how much a user downloads. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Bench, BenchResult } from './harness/bench.ts';
import { sum } from './harness/figures.ts';

const PAGE = 'out/app/renderer';
const MADE = 'out/package/made';
const PAGE_LIMIT = 1.5e6;
const DEB_LIMIT = 130e6;
const LOADED = new Set(['.js', '.css', '.html', '.woff2', '.svg']);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

async function run(): Promise<BenchResult> {
  const files = readdirSync(PAGE)
    .filter((name) => LOADED.has(extname(name)))
    .map((name) => {
      const bytes = readFileSync(join(PAGE, name));
      return {
        name,
        plain: bytes.length,
        gzip: gzipSync(bytes, { level: 9 }).length,
        brotli: brotliCompressSync(bytes).length,
      };
    });
  const page = sum(files.map(({ gzip }) => gzip));
  const packages = (existsSync(MADE) ? readdirSync(MADE) : [])
    .filter((name) => name.startsWith('sonde-'))
    .map((name) => ({ name, bytes: statSync(join(MADE, name)).size }));
  const deb = packages.find(({ name }) => name.endsWith('.deb'))?.bytes;
  const debClaim = {
    what: 'the deb, with what devices need',
    target: `≤ ${DEB_LIMIT / 1e6} MB`,
    measured: deb === undefined ? 'not made: npm run package' : megabytes(deb),
    met: deb !== undefined && deb <= DEB_LIMIT,
  };
  return {
    about: 'The files of the page as they are shipped, and the packages as npm run package made them.',
    claims: [
      {
        what: 'the page, compressed (gzip)',
        target: `≤ ${PAGE_LIMIT / 1e6} MB`,
        measured: megabytes(page),
        met: page <= PAGE_LIMIT,
      },
      debClaim,
    ],
    tables: [
      {
        title: 'The page',
        columns: ['', 'as it is', 'gzip', 'brotli'],
        rows: files.map(({ name, plain, gzip, brotli }) => [
          name,
          megabytes(plain),
          megabytes(gzip),
          megabytes(brotli),
        ]),
      },
      { title: 'Packages', columns: ['', ''], rows: packages.map(({ name, bytes }) => [name, megabytes(bytes)]) },
    ],
    notes: [],
    figures: { files, packages },
  };
}

export const SIZE: Bench = { name: 'size', title: 'Sizes', run };
