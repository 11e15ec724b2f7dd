/** `npm run check`: types, lint, format, room imports, generated code, unit tests. What every commit passes; < 60 s. */
import { spawnSync } from 'node:child_process';
import { checkRooms } from './rooms.mjs';
import { step } from './steps.mjs';

const tool =
  (/** @type {string} */ name, /** @type {string[]} */ ...args) =>
  () => {
    const run = spawnSync(`node_modules/.bin/${name}`, args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
  };

/** All but the unit tests, which `npm test` runs with the others. */
export const STATIC_CHECKS = [
  ['types', tool('tsc', '-p', '.')],
  ['lint', tool('oxlint', '--quiet')],
  ['format', tool('biome', 'format', '.')],
  [
    'room imports',
    () => {
      const lines = checkRooms();
      if (lines.length) throw new Error(lines.join('\n'));
    },
  ],
  ['generated code is what the schema says', () => import('./generate.mjs').then((module) => module.verifyGenerated())],
];

async function main() {
  let failed = 0;
  for (const [title, work] of [...STATIC_CHECKS, ['unit tests', tool('vitest', 'run', '--project', 'unit')]]) {
    try {
      await step(title, work);
    } catch (error) {
      failed += 1;
      console.error(error.message);
    }
  }
  process.exitCode = failed ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) await main();
