/** The application started while it runs already: one window per user folder. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Application, openStage, type Stage } from './application.ts';
import { removeFolder } from '../remove-folder.ts';

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const exitCode = async (child: ChildProcess): Promise<number | null> => (await once(child, 'exit'))[0];
const startAgain = ({ userData }: Pick<Application, 'userData'>, ...args: string[]) =>
  exitCode(stage.start(userData, args));

/** Processes with this user folder: '' = the main ones. */
function processes(userData: string, type: '' | 'utility-sub-type=node'): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const line = commandLine(pid);
      const isOfType = (word: string) => word.startsWith(type === '' ? '--type=' : `--${type}`);
      return line.includes(`--user-data-dir=${userData}`) && line.some(isOfType) === (type !== '');
    })
    .map(Number);
}

function commandLine(pid: string): string[] {
  try {
    // Chromium may write its words with spaces between them.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
  } catch {
    return []; // it has ended meanwhile
  }
}

/** Its process is there before it is told what to open. */
const hasOpened = (pid: number) =>
  execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).includes(RECORDING);

const window = ({ app }: Application) =>
  app.evaluate(({ BrowserWindow }) => {
    const [first] = BrowserWindow.getAllWindows();
    return { isMinimized: first?.isMinimized(), isVisible: first?.isVisible() };
  });

test('brings the window to the front, opens there what it was given, and ends', async () => {
  const opened = await stage.launch();
  await opened.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await startAgain(opened)).toBe(0);
  await expect.poll(() => window(opened), { timeout: 120_000 }).toEqual({ isMinimized: false, isVisible: true });
  expect(processes(opened.userData, '')).toEqual([opened.app.process().pid]);
  // From the folder of the second start, which is the project's.
  expect(await startAgain(opened, path.relative(process.cwd(), RECORDING))).toBe(0);
  await opened.page.getByText('edge-box').first().waitFor({ timeout: 120_000 });
  await opened.close();
});

test('with another user folder is another application', async () => {
  const first = await stage.launch();
  const second = await stage.launch();
  expect(second.app.process().pid).not.toBe(first.app.process().pid);
  await second.close();
  await first.close();
});

test('connects in the window that is there, and says why where it may not', async () => {
  const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const connect = `--connect=root@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const opened = await stage.launch();
  const asked = await opened.app.evaluateHandle(({ dialog }) => {
    const messages: string[] = [];
    dialog.showMessageBox = (...args: unknown[]) => {
      messages.push((args.at(-1) as { message: string }).message);
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
    return messages;
  });
  expect(await startAgain(opened, connect)).toBe(0);
  await opened.page
    .getByText(/127\.0\.0\.1/)
    .first()
    .waitFor({ timeout: 120_000 });
  expect(await startAgain(opened, connect)).toBe(0);
  await expect
    .poll(() => asked.jsonValue(), { timeout: 120_000 })
    .toEqual([expect.stringContaining('being made already')]);
  await opened.close();
  silent.close();
});

test('while the window is on its way out, the application begins again after it', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'sonde-second-'));
  const first = stage.start(userData, [RECORDING]);
  const ended = exitCode(first);
  const hosts = () => processes(userData, 'utility-sub-type=node').filter(hasOpened);
  await expect.poll(hosts, { timeout: 180_000 }).toHaveLength(1);
  process.kill(hosts()[0] ?? 0, 'SIGSTOP'); // the end takes as long as it may
  first.kill('SIGTERM');
  expect(await startAgain({ userData })).toBe(0);
  expect(await ended).toBe(0);
  const after = () => processes(userData, '').filter((pid) => pid !== first.pid);
  await expect.poll(after, { timeout: 180_000 }).toHaveLength(1);
  // It may be so young that it does not listen yet.
  const asked = () => after().filter((pid) => process.kill(pid, 'SIGTERM'));
  await expect.poll(asked, { timeout: 180_000, interval: 3000 }).toEqual([]);
  removeFolder(userData);
});
