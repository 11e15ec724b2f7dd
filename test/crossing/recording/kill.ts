/** Real processes that write recordings, and are killed with -9, or meet a full disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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

/** Root needs no other user to be root. */
const UNSHARE = [process.getuid?.() === 0 ? '-m' : '-Urm'];

/** Some systems, and most containers, let nobody mount anything. */
export function canMountDisks(): boolean {
  return spawnSync('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' }).status === 0;
}

/** A file system of its own, which goes away with it. */
const ON_A_SMALL_DISK = `
  mount -t tmpfs -o size="$2" tmpfs "$1" || exit 1
  "$3" "$4" "$1/a" "$5" &
  echo "pid $!"
  wait $! 2> /dev/null
  cp "$1/a" "$6"`;

export interface SmallDisk {
  /** Somewhere to put it. */
  readonly folder: string;
  readonly bytes: number;
  /** With each window. */
  readonly ballast: number;
}

/** Until the disk is full, and `lifeMs` longer. `appended`: before it was. */
export async function runUntilFull(program: string, file: string, disk: SmallDisk, lifeMs: number): Promise<Killed> {
  const words = [disk.folder, disk.bytes, process.execPath, program, disk.ballast, file].map(String);
  const child = spawn('unshare', [...UNSHARE, 'sh', '-c', ON_A_SMALL_DISK, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  try {
    let appended = 0;
    let recorder = 0;
    const isFull = new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'full') resolve();
        else if (line.startsWith('pid ')) recorder = Number(line.slice(4));
        else appended = Number(line);
      });
      void exit.then(([code]) => reject(new Error(`the disk was never full, it ended with ${code}`)));
    });
    await isFull;
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    process.kill(recorder, 'SIGKILL');
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
    entryPoints: [path.resolve('test/crossing/recording', name)],
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
