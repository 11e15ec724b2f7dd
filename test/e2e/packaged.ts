/** Starts an application out of a package, as a user with a home of their own would, and reaches its page. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A busy machine unpacks an AppImage and opens the window in some seconds. */
const OPEN_MS = 90_000;
const LOOK_MS = 200;
/** Asked too early it never answers. */
const ANSWER_MS = 4000;

export interface Packaged {
  readonly page: Page;
  /** What it wrote to its standard streams. */
  readonly said: () => string;
  /** Ends it as a system that shuts down does. The exit code. */
  close(): Promise<number | null>;
}

/** Where the application keeps everything of a user. */
export const userDataIn = (home: string): string => path.join(home, '.config/Sonde');

/** Its inspector's fuse is off, so it is reached through Chromium's own door, which it opens where it is told to. */
export async function startPackaged(
  executable: string,
  args: readonly string[],
  home: string,
  env: Readonly<Record<string, string>>,
  // Chromium refuses its sandbox to root.
  sandbox: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [],
): Promise<Packaged> {
  const child = spawn(executable, [...sandbox, '--remote-debugging-port=0', ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, SSH_AUTH_SOCK: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const browser = await reach(child, () => said).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const page = browser.contexts()[0]?.pages()[0];
  if (!page) throw new Error(`no page in ${executable}: ${said}`);
  const close = async () => {
    await browser.close(); // only the connection: the browser is not this side's
    child.kill('SIGTERM');
    return exited;
  };
  return { page, said: () => said, close };
}

/** `said`: what it wrote so far, its address among it. */
export async function reach(child: ChildProcess, said: () => string): Promise<Browser> {
  const end = performance.now() + OPEN_MS;
  while (performance.now() < end && child.exitCode === null) {
    const address = /DevTools listening on (ws:\S+)/.exec(said())?.[1];
    const browser = address ? await chromium.connectOverCDP(address, { timeout: ANSWER_MS }).catch(() => null) : null;
    if (browser?.contexts()[0]?.pages().length) return browser;
    await browser?.close();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`the application opened no window (exit code ${child.exitCode}): ${said()}`);
}

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

const MARKER = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** Electron's fuses as they stand in an executable, in wire order: '1' on, '0' off. */
export function fusesOf(executable: string): string {
  const bytes = readFileSync(executable);
  const marker = bytes.indexOf(MARKER);
  if (marker < 0) throw new Error(`no fuses in ${executable}`);
  const first = marker + MARKER.length + 2;
  return bytes.toString('latin1', first, first + (bytes[first - 1] ?? 0));
}
