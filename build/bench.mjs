/**
 * `npm run bench [-- NAME…] [-- --quick]`: sets up what is missing, then each benchmark beside its rivals. Without names,
 * all of them; `recording` stands for every `recording-…`. --quick: seconds instead of minutes, results to out/bench/ instead of test/bench/.
 */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setup } from './setup.mjs';
import { fail, step } from './steps.mjs';

const BUNDLE = 'out/bench/main.mjs';

/** TypeScript for Node. What is JavaScript already stays where it is, because it finds its files beside itself. */
async function bundleBenches() {
  const { build } = await import('esbuild');
  const { PARTS } = await import('./bundle/parts.mjs');
  const { options, copies } = PARTS.find(({ name }) => name === 'host');
  await build({
    ...options,
    entryPoints: ['test/bench/main.ts'],
    outfile: BUNDLE,
    bundle: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    external: [
      ...options.external,
      'esbuild',
      'playwright-core',
      './build/*',
      './test/device/box/*',
      './test/bench/flamegraph/*',
    ],
  });
  for (const file of copies) copyFileSync(file, path.join(path.dirname(BUNDLE), path.basename(file)));
}

/** @param {{ wanted: string[], quick: boolean }} options wanted: names; none = all */
export async function runBenches({ wanted, quick }) {
  await step('benches', bundleBenches);
  const { BENCHES, runBench } = await import(pathToFileURL(BUNDLE).href);
  const folder = quick ? 'out/bench' : 'test/bench';
  const all = new Map(BENCHES.map((bench) => [bench.name, (log) => runBench(bench, { quick, folder, log })]));
  const isOf = (name, word) => name === word || name.startsWith(`${word}-`);
  for (const word of wanted)
    if (![...all.keys()].some((name) => isOf(name, word)))
      throw new Error(`there is no bench ${word}; there are ${[...all.keys()].join(', ')}`);
  const failures = [];
  for (const [name, run] of all) {
    if (wanted.length > 0 && !wanted.some((word) => isOf(name, word))) continue;
    // One that fails keeps nobody from the figures of the others.
    await step(`bench ${name}`, run).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function main(args) {
  await setup({ box: [{ variant: 'plain' }, { variant: 'peers' }] });
  await runBenches({ wanted: args.filter((arg) => !arg.startsWith('--')), quick: args.includes('--quick') });
}

if (process.argv[1] === import.meta.filename) main(process.argv.slice(2)).catch(fail);
