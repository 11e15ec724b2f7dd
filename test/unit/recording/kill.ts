/** Real processes that write recordings, and are killed with -9. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

export interface Killed {
  readonly file: string;
  readonly lifeMs: number;
  /** The device time of the last record that was appended for certain. */
  readonly appended: number;
}

/** Lives so long after its first word. */
export async function runAndKill(program: string, file: string, lifeMs: number): Promise<Killed> {
  const child: ChildProcess = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  try {
    let appended = 0;
    const lines = createInterface({ input: child.stdout! });
    const begun = once(lines, 'line');
    lines.on('line', (line) => (appended = Number(line)));
    await begun;
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    child.kill('SIGKILL');
    await exit;
    return { file, lifeMs, appended };
  } finally {
    child.kill('SIGKILL');
  }
}

/** `name`: a program of this folder. From the project's own folder, also where this is bundled itself. */
export async function bundleProgram(name: string, outfile: string): Promise<void> {
  const banner =
    "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;";
  await build({
    entryPoints: [path.resolve('test/unit/recording', name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['*.wasm'],
    banner: { js: banner },
  });
  const modules = path.resolve('node_modules/@foxglove');
  for (const wasm of ['wasm-zstd', 'wasm-lz4'])
    await copyFile(`${modules}/${wasm}/dist/${wasm}.wasm`, path.join(path.dirname(outfile), `${wasm}.wasm`));
}
