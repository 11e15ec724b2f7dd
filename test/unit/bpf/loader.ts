// The loader of this computer's own kind, run here: for the verbs that need no BPF.

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { ensureNative } from '../../../build/native.mjs';

const MACHINES: Record<string, string> = { arm64: 'aarch64', x64: 'x86_64' };

/** undefined where this computer cannot run any loader: it is for Linux. */
export const machine = process.platform === 'linux' ? MACHINES[process.arch] : undefined;

/** From nothing: packages, sources, libraries and the loader. */
const BUILD_MS = 900_000;

export interface Result {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

export interface Loader {
  /** Where it lies. */
  readonly file: string;
  /** It runs in an empty folder, new for each test. */
  path(name: string): string;
  folder(): string;
  start(...args: string[]): ChildProcessWithoutNullStreams;
  run(args: string[], input?: Buffer | string): Promise<Result>;
}

/** To be called inside of describe. */
export function useLoader(): Loader {
  let file = '';
  let folder = '';
  const folders: string[] = [];
  beforeAll(async () => {
    file = (await ensureNative({ arches: [machine ?? ''] }))[machine ?? ''] ?? '';
  }, BUILD_MS);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonde-loader-'));
    folders.push(folder);
  });
  afterAll(() => {
    for (const each of folders) rmSync(each, { recursive: true, force: true });
  });
  const start = (...args: string[]) => spawn(file, args, { cwd: folder });
  return {
    get file() {
      return file;
    },
    path: (name) => join(folder, name),
    folder: () => folder,
    start,
    run: (args, input = '') => feed(start(...args), input),
  };
}

/** Gives it its whole stdin and waits for its end. */
export function feed(child: ChildProcess, input: Buffer | string): Promise<Result> {
  child.stdin?.on('error', () => {}); // it may end without reading its input
  child.stdin?.end(input);
  return ended(child);
}

export function ended(child: ChildProcess): Promise<Result> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(stdout), stderr })),
  );
}
