/** The bundled command line as people run it, in a home of its own, at a box. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { expect } from 'vitest';
import { PARTS } from '../../build/bundle/parts.mjs';
import { openRecording } from '../../electron/recording/index.ts';
import type { Box } from './box/boot.mjs';
import { removeFolder } from '../remove-folder.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

export interface SondeProgram {
  /** Goes with the program. */
  readonly folder: string;
  begin(...words: readonly string[]): Running;
  /** Its output; it must have ended well. */
  sonde(...words: readonly string[]): Promise<string>;
  /** The words that lead to a box. */
  device(box: Box): string[];
  dispose(): void;
}

export async function buildProgram(): Promise<SondeProgram> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-cli-'));
  const program = path.join(folder, 'cli/sonde.mjs');
  const part = PARTS.find(({ name }) => name === 'cli');
  if (!part) throw new Error('the command line is not bundled');
  const options = part.options as BuildOptions;
  await build({ absWorkingDir: ROOT, entryPoints: [part.entry], outfile: program, bundle: true, ...options });
  for (const file of part.copies ?? [])
    copyFileSync(path.join(ROOT, file), path.join(folder, 'cli', path.basename(file)));
  mkdirSync(path.join(folder, 'home'));
  symlinkSync(path.join(ROOT, 'out/device'), path.join(folder, 'device'));
  const begin = (...words: readonly string[]) => run(program, path.join(folder, 'home'), words);
  return {
    folder,
    begin,
    sonde: async (...words) => {
      const { code, out, err } = await begin(...words).ended;
      expect(code, err).toBe(0);
      return out;
    },
    device: (box) => [
      `root@${box.host}:${box.port}`,
      '-i',
      box.keys.ed25519.identityFile,
      '--known-hosts',
      path.join(folder, 'known_hosts'),
      '--accept-host-key',
      box.hostKeyFingerprint,
    ],
    dispose: () => removeFolder(folder),
  };
}

/** In a session of its own, so that nobody's terminal is asked anything. */
function run(program: string, home: string, words: readonly string[]): Running {
  const env = { ...process.env, HOME: home, SSH_AUTH_SOCK: '', SSH_ASKPASS: '' };
  const child = spawn(process.execPath, [program, ...words], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, out: () => out, ended };
}

/** Rejects with what it said. */
export async function endedEarly({ ended }: Running): Promise<never> {
  const { code, err } = await ended;
  throw new Error(`it ended with ${code}: ${err}`);
}

/** Until when, in device time, a recording that still grows has windows of each probe. */
export async function recordedUntil(file: string): Promise<Record<string, number>> {
  const ends: Record<string, number> = {};
  const reader = await openRecording(file).catch(() => null); // it is not there yet
  for await (const signal of reader?.signals() ?? []) if (signal.kind === 'window') ends[signal.probe] = signal.toNs;
  await reader?.close();
  return ends;
}

/** A recording holds whatever ended before this. */
export async function deviceNowNs(box: Box): Promise<number> {
  return Number.parseFloat((await box.ssh('cat /proc/uptime')).stdout) * 1e9;
}

/** Lines of a table of comma-separated values, by the names of its columns. */
export function rowsOfCsv(csv: string): Record<string, string>[] {
  const [head = [], ...lines] = csv
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}
