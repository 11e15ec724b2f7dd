/** `sonde` as it is bundled, sent to a device that means harm: what it says, how it ends, and what it took of memory. */
import { spawn } from 'node:child_process';
import { cpSync, copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { PARTS } from '../../build/bundle/parts.mjs';
import { type Deeds, type HostileDevice, startHostileDevice } from './hostile-device.ts';
import { removeFolder } from '../remove-folder.ts';

/** Node, V8 and the bundle take 100 MB before anything is read; a whole frame of 4 MiB may be unpacked at a time. */
export const MAX_PEAK_MB = 600;
const LOOK_EVERY_MS = 50;
/** Every step has an end of its own long before. */
const ENDS_WITHIN_MS = 150_000;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Most memory that it ever had resident. */
  readonly peakMb: number;
  /** What any user of this machine could read of it, and its own user, all the while. */
  readonly told: string;
}

/** Of this file of tests, once it was started. */
export let device: HostileDevice;
/** Where `sonde` runs: its home, and where it records. */
export let folder: string;

/** To be called once, at the top of a file. */
export function useHostileDevice(): void {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sonde-hostile-cli-'));
    device = await startHostileDevice();
    await bundleSonde(path.join(folder, 'cli'));
    cpSync(device.artifactsDir, path.join(folder, 'device'), { recursive: true });
  });
  afterEach(() => {
    device.deeds = {};
    device.commands.length = 0;
  });
  afterAll(async () => {
    await device?.stop();
    removeFolder(folder);
  });
}

async function bundleSonde(to: string): Promise<void> {
  const part = PARTS.find(({ entry }) => entry === 'electron/cli/main.ts');
  if (!part) throw new Error('the command line is not bundled');
  const options = { entryPoints: [part.entry], outfile: path.join(to, 'sonde.mjs'), bundle: true, minify: true };
  await build({ ...options, logLevel: 'warning', ...(part.options as BuildOptions) });
  for (const file of part.copies ?? []) copyFileSync(file, path.join(to, path.basename(file)));
}

export interface How {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function sondeAgainst(
  deeds: Deeds,
  { words = ['record', '--for', '5s'], env = {} }: How = {},
): Promise<Ran> {
  device.deeds = deeds;
  const [command = '', ...options] = words;
  return sonde([command, `root@127.0.0.1:${device.port}`, '--known-hosts', device.knownHosts, ...options], env);
}

/** In `folder`. */
export async function sonde(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [path.join(folder, 'cli/sonde.mjs'), ...words], {
    detached: true, // no terminal to ask at, and a group of its own to end
    cwd: folder,
    env: { ...process.env, HOME: folder, SSH_AUTH_SOCK: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  let peakMb = 0;
  let told = '';
  const look = setInterval(() => {
    const pid = child.pid ?? 0;
    peakMb = Math.max(peakMb, highWaterMb(pid));
    told = `${read(`/proc/${pid}/cmdline`)}${read(`/proc/${pid}/environ`)}` || told;
  }, LOOK_EVERY_MS);
  const hangs = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), ENDS_WITHIN_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(look);
  clearTimeout(hangs);
  return { code, out, err, peakMb, told };
}

function highWaterMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(pid > 0 ? read(`/proc/${pid}/status`) : '')?.[1] ?? 0) / 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
