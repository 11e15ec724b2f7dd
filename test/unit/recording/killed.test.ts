/** A real process that records, killed with -9 at moments that a seed chooses. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../fixtures/random.ts';
import { readBack, temporaryFolder } from './helpers.ts';

const KILLS = 10;
const MAX_LIFE_MS = 3500;
/** A second is what may be lost; the rest is what writing takes while ten recorders and other tests share two cores. */
const MAX_LOST_MS = 1750;

test('killed at any moment, all but the last second is there', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'recorder.mjs');
  await bundleRecorder(program);
  const random = seededRandom(9);
  const lives = Array.from({ length: KILLS }, () => 50 + random() * MAX_LIFE_MS);
  const outcomes = await Promise.all(
    lives.map((lifeMs, i) => recordAndKill(program, path.join(folder, `${i}.sonde.mcap`), lifeMs)),
  );
  for (const { lifeMs, appended, file } of outcomes) {
    const { signals } = await readBack(file);
    const last = signals.at(-1);
    const readMs = last?.kind === 'window' ? last.toNs / 1e6 : 0;
    expect(appended - readMs, `after ${lifeMs} ms of life`).toBeLessThan(MAX_LOST_MS);
  }
  expect(outcomes.some(({ appended }) => appended > 2000)).toBe(true);
});

interface Outcome {
  readonly file: string;
  readonly lifeMs: number;
  /** The device time of the last record that was appended for certain. */
  readonly appended: number;
}

async function recordAndKill(program: string, file: string, lifeMs: number): Promise<Outcome> {
  const child: ChildProcess = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let appended = 0;
  const lines = createInterface({ input: child.stdout! });
  const begun = once(lines, 'line');
  lines.on('line', (line) => (appended = Number(line)));
  await begun;
  const exit = once(child, 'exit');
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  child.kill('SIGKILL');
  await exit;
  return { file, lifeMs, appended };
}

async function bundleRecorder(outfile: string): Promise<void> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;";
  await build({
    entryPoints: [path.join(here, 'recorder.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['*.wasm'],
    banner: { js: banner },
  });
  const { copyFile } = await import('node:fs/promises');
  const modules = path.join(here, '../../../node_modules/@foxglove');
  for (const wasm of ['wasm-zstd', 'wasm-lz4'])
    await copyFile(`${modules}/${wasm}/dist/${wasm}.wasm`, path.join(path.dirname(outfile), `${wasm}.wasm`));
}
