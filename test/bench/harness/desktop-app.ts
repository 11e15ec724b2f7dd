/** The application as a user starts it, and a bare Electron window as the floor that nobody gets below. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureElectron } from '../../../build/electron-runtime.mjs';
import type { Page } from 'playwright-core';
import { reach } from '../../e2e/packaged.ts';

const KB = 1024;

export interface DesktopApp {
  /** When it was started: wall clock, as a page's timeOrigin is. */
  readonly startedMs: number;
  readonly pid: number;
  page(): Promise<Page>;
  close(): Promise<void>;
}

/** What a start costs anybody: one window, one line of text. Returns its folder. */
export function bareApp(scratch: string): string {
  const folder = path.join(scratch, 'bare');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"name":"bare","main":"main.js"}');
  writeFileSync(path.join(folder, 'page.html'), '<!doctype html><title>bare</title><p>bare</p>');
  writeFileSync(
    path.join(folder, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
     app.on('window-all-closed', () => app.quit());
     app.whenReady().then(() => {
       const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
       window.once('ready-to-show', () => window.show());
       void window.loadFile('page.html');
     });`,
  );
  return folder;
}

/** `folder`: of the application; `scratch`: its home and its user's data go there. */
export async function startApp(
  folder: string,
  { scratch, display, args = [] }: { scratch: string; display: string; args?: readonly string[] },
): Promise<DesktopApp> {
  const executable = await ensureElectron({ log: () => undefined });
  const home = mkdtempSync(path.join(scratch, 'home-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const words = [...sandbox, '--remote-debugging-port=0', `--user-data-dir=${home}`, folder, ...args];
  const env = { ...process.env, HOME: home, DISPLAY: display, SSH_AUTH_SOCK: '' };
  const startedMs = performance.timeOrigin + performance.now();
  const child: ChildProcess = spawn(executable, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const page = async (): Promise<Page> => {
    const found = (await reach(child, () => said)).contexts()[0]?.pages()[0];
    if (!found) throw new Error(`no page: ${said}`);
    return found;
  };
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { startedMs, pid: child.pid ?? 0, page, close };
}

export interface OwnMemory {
  readonly pid: number;
  /** As Chromium names its processes: browser, renderer, gpu-process, node (a session), network … */
  readonly role: string;
  /** What is shared counts by its part, so that the sum over processes is what the machine gives. */
  readonly pssBytes: number;
  /** Of that what was written: the rest are files, whose parts change as other programs that read them come and go. */
  readonly writtenBytes: number;
}

/** Of a process and all that it started. */
export function memoryOf(root: number): OwnMemory[] {
  const found: OwnMemory[] = [];
  const waiting = [root];
  for (const pid of waiting) {
    waiting.push(...childrenOf(pid));
    const rollup = textOf(`/proc/${pid}/smaps_rollup`);
    const bytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * KB;
    if (rollup === '') continue;
    // Older kernels do not divide what was written.
    const writtenBytes = bytes('Pss_Dirty') || bytes('Private_Dirty');
    found.push({ pid, role: roleOf(pid), pssBytes: bytes('Pss'), writtenBytes });
  }
  return found;
}

function childrenOf(pid: number): number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .flatMap((child) => (child === '' ? [] : [Number(child)])),
  );
}

/** Chromium rewrites the command lines of some of its processes, and separates the words by spaces then. */
function roleOf(pid: number): string {
  const words = textOf(`/proc/${pid}/cmdline`);
  const type = /--utility-sub-type=(\w+)/.exec(words)?.[1] ?? /--type=([\w-]+)/.exec(words)?.[1] ?? 'browser';
  return type === 'node' ? 'session' : type;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // as above
  }
}
