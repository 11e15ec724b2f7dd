/** Starts the built application on a display, with a user folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { bundle } from '../../build/bundle.mjs';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { openDisplay } from '../../build/display.mjs';
import { firstWindow, launchElectron } from './launch.ts';
import { removeFolder } from '../remove-folder.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export interface Application {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** Closes the window as a user would; kills what is left after `ms`. Returns how long it took. */
  close(): Promise<number>;
}

export interface Stage {
  /** `userData` null = a fresh folder that goes with the stage, of somebody who has seen the first screen. */
  launch(
    args?: readonly string[],
    userData?: string | null,
    env?: Readonly<Record<string, string>>,
  ): Promise<Application>;
  /** A start that nobody drives. */
  start(userData: string, args?: readonly string[]): ChildProcess;
  close(): Promise<void>;
}

/** Builds the application and opens a display for it. */
export async function openStage(): Promise<Stage> {
  const [executablePath, display] = await Promise.all([
    ensureElectron({ log: () => undefined }),
    openDisplay(),
    bundle({ only: ['main', 'preload', 'host', 'renderer'], log: () => undefined }),
  ]);
  const folders: string[] = [];
  const running = new Set<ChildProcess>();
  const argumentsFor = (userData: string, args: readonly string[]) => {
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return [...sandbox, `--user-data-dir=${userData}`, ROOT, ...args];
  };
  const env = { ...(process.env as Record<string, string>), DISPLAY: display.name };
  return {
    launch: async (args = [], given = null, more = {}) => {
      const userData = given ?? mkdtempSync(path.join(tmpdir(), 'sonde-e2e-'));
      if (given === null) {
        folders.push(userData);
        writeFileSync(path.join(userData, 'welcome.json'), 'true'); // the first screen was put away
      }
      const app = await launchElectron({
        executablePath,
        args: argumentsFor(userData, args),
        cwd: ROOT,
        env: { ...env, ...more },
      });
      const child = app.process();
      running.add(child);
      child.once('exit', () => running.delete(child));
      const page = await firstWindow(app);
      await page.waitForLoadState('domcontentloaded');
      const close = async () => {
        const started = performance.now();
        await app.close();
        return performance.now() - started;
      };
      return { app, page, userData, close };
    },
    start: (userData, args = []) => {
      const child = spawn(executablePath, argumentsFor(userData, args), { cwd: ROOT, env, stdio: 'ignore' });
      running.add(child);
      child.once('exit', () => running.delete(child));
      return child;
    },
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      display.close();
      for (const folder of folders) removeFolder(folder);
    },
  };
}
