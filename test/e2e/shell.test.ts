/** The built application, driven as a user and as an attacker in its page would. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { WebPreferences } from 'electron';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { type Application, openStage, type Stage } from './application.ts';

declare const sonde: SondeBridge;

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');
/** What the application promises to need at most for saying goodbye, and what a busy machine adds. */
const CLOSE_MS = 12_000 + 3000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** Process ids of the session hosts. */
const hosts = (app: ElectronApplication): Promise<number[]> =>
  app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name, serviceName }) => name === 'Sonde session' || serviceName === 'Sonde session')
      .map(({ pid }) => pid),
  );

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function until(what: string, holds: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a window', () => {
  let opened: Application;
  let page: Page;
  beforeAll(async () => {
    opened = await stage.launch();
    page = opened.page;
  });
  afterAll(() => opened?.close());

  test('opens with our page', async () => {
    expect(page.url()).toBe('sonde://app/index.html');
    expect(await page.title()).toBe('Sonde');
    expect(await page.evaluate(() => sonde.request('app-info'))).toMatchObject({
      ok: true,
      value: { version: expect.any(String) },
    });
  });

  test('has no Node in its page, and one way out', async () => {
    const globals = await page.evaluate(() =>
      ['require', 'process', 'Buffer', 'module', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    );
    expect(globals).toEqual([]);
    expect(await page.evaluate(() => Object.keys(sonde).toSorted())).toEqual(['on', 'pathOfFile', 'request']);
    const preferences = await opened.app.evaluate(({ BrowserWindow }) => {
      // Not in Electron's types, though in its documentation.
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): WebPreferences;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag };
    });
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false });
  });

  test('runs only code of its own: the policy is sent with every answer and obeyed', async () => {
    const headers = await page.evaluate(async () =>
      Promise.all(
        ['index.html', 'main.js', 'none.html'].map(async (file) =>
          (await fetch(file)).headers.get('content-security-policy'),
        ),
      ),
    );
    expect(new Set(headers).size).toBe(1);
    expect(headers[0]).toContain("default-src 'none'; script-src 'self'");
    // In a task of its own: what the test itself runs is exempt from the policy.
    const ran = await page.evaluate(async () => {
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      const tried = (action: () => unknown) => {
        try {
          action();
          return 'ran';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const evaluated = await new Promise((resolve) =>
        setTimeout(() => resolve(tried(() => new Function('return 1')()))),
      );
      return { inline: 'inlineRan' in window, evaluated };
    });
    expect(ran).toEqual({ inline: false, evaluated: 'EvalError' });
  });

  test('reaches no network and no file', async () => {
    const reached = await page.evaluate(() =>
      Promise.all(
        ['https://example.org/', 'file:///etc/passwd', 'sonde://elsewhere/index.html'].map((url) =>
          fetch(url).then(
            (answer) => `${url} ${answer.status}`,
            () => null,
          ),
        ),
      ),
    );
    expect(reached).toEqual([null, null, null]);
    expect(await page.evaluate(async () => (await fetch('sonde://app/..%2fmain.js')).status)).toBe(404);
  });

  test('stays where it is and opens no other', async () => {
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
    await page.evaluate(() => {
      window.location.href = 'https://example.org/';
    });
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
    });
    await page.waitForTimeout(300);
    expect(page.url()).toBe('sonde://app/index.html');
    expect(opened.app.windows()).toHaveLength(1);
  });

  test('is granted nothing', async () => {
    const states = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'] as PermissionName[];
      return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
  });

  test('gets an error for a bad payload, an unknown request, a foreign key', async () => {
    const outcome = (...request: unknown[]): Promise<string> =>
      page.evaluate(
        (args) =>
          (sonde.request as (...all: unknown[]) => Promise<unknown>)(...args).then(
            () => 'answered',
            (error: Error) => error.message,
          ),
        request,
      );
    expect(await outcome('forget-device', { evil: true })).toContain('refused: bad arguments for forget-device');
    expect(await outcome('connect', { destination: 'a', password: 'x' })).toContain(
      'refused: bad arguments for connect',
    );
    expect(await outcome('run-program', '/bin/sh')).toContain('refused: no request "run-program"');
    expect(await outcome('forget-device', 'nobody')).toBe('answered');
  });
});

describe('a recording', () => {
  test('named on the command line is replayed, and can be exported where the user said and nowhere else', async () => {
    const opened = await stage.launch([RECORDING]);
    const chosen = path.join(opened.userData, 'chosen.folded');
    const [granted, refused] = await exportTwice(opened, chosen, path.join(opened.userData, 'not-chosen.folded'));
    expect(granted).toMatchObject({ fault: null });
    expect(readFileSync(chosen, 'utf8').length).toBeGreaterThan(0);
    expect(refused).toMatchObject({ fault: { code: 'file-io', message: expect.stringContaining('was not chosen') } });
    expect(existsSync(path.join(opened.userData, 'not-chosen.folded'))).toBe(false);
    await opened.close();
  });

  test('that comes with Sonde is replayed to its end', async () => {
    const opened = await stage.launch();
    const views = await replay(opened.page, 'sample');
    expect(views.at(-1)).toMatchObject({ kind: 'replay', complete: true, progress: 1, warning: null });
    await opened.close();
  });

  test('that is none is refused in words', async () => {
    const opened = await stage.launch();
    const file = path.join(opened.userData, 'shopping-list.txt');
    writeFileSync(file, 'milk, bread');
    const views = await replay(opened.page, file);
    expect(views.at(-1)).toMatchObject({ kind: 'ended', fault: { code: 'bad-recording' } });
    await opened.close();
  });

  test('in the folder of recordings is listed', async () => {
    const opened = await stage.launch();
    const folder = path.join(opened.userData, 'recordings');
    mkdirSync(folder);
    copyFileSync(RECORDING, path.join(folder, 'edge-7-20250102-030405.sonde.mcap'));
    const answer = await opened.page.evaluate(() => sonde.request('recent-recordings'));
    expect(answer).toMatchObject({ ok: true, value: [{ hostname: 'edge-7' }] });
    await opened.close();
  });
});

describe('a session', () => {
  let silent: Server;
  let destination: string;
  beforeAll(async () => {
    // Accepts and never says a word: whoever connects goes on connecting.
    silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    destination = `root@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => silent.close());

  const connect = (page: Page) =>
    page.evaluate(
      (to) =>
        sonde.request('connect', {
          destination: to,
          identityFiles: [],
          knownHostsFile: null,
          probes: [{ probe: 'cpu-profile', options: {} }],
        }),
      destination,
    );

  test('to a device is not begun twice while the first attempt runs', async () => {
    const opened = await stage.launch();
    const answers = await Promise.all([connect(opened.page), connect(opened.page)]);
    expect(answers[0]).toMatchObject({ ok: true });
    expect(answers[1]).toMatchObject({ ok: false, fault: { message: expect.stringContaining('being made already') } });
    // Electron lists a process only once it runs.
    await until('one host runs', async () => (await hosts(opened.app)).length === 1);
    await opened.close();
  });

  test('can be begun again once it was closed', async () => {
    const opened = await stage.launch();
    const first = await connect(opened.page);
    if (!first.ok) throw new Error(first.fault.message);
    await opened.page.evaluate((id) => sonde.request('close-session', id), first.value.sessionId);
    await until('the host is gone', async () => (await hosts(opened.app)).length === 0, 3000);
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await opened.close();
  });

  test('ends when the page lets go of its port', async () => {
    const opened = await stage.launch();
    await opened.page.evaluate(() => {
      window.addEventListener('message', ({ ports: [port] }) => setTimeout(() => port?.close(), 200));
    });
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await until('the host is gone', async () => (await hosts(opened.app)).length === 0);
    await opened.close();
  });

  test('from the command line is begun at once and ends with the window, in time, leaving no process', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await hosts(opened.app)).length === 1);
    const pids = [...(await hosts(opened.app)), opened.app.process().pid ?? 0];
    expect(await opened.close()).toBeLessThan(CLOSE_MS);
    await until('all processes are gone', () => !pids.some(alive), 3000);
  });

  test('whose host process dies says so, and the application lives on', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await hosts(opened.app)).length === 1);
    const [pid = 0] = await hosts(opened.app);
    process.kill(pid, 'SIGKILL');
    await opened.page
      .getByText(/ended unexpectedly/)
      .first()
      .waitFor({ timeout: 10_000 });
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await opened.close();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends in order when main gets %s', async (signal) => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await hosts(opened.app)).length === 1);
    const pids = [...(await hosts(opened.app)), opened.app.process().pid ?? 0];
    const exit = new Promise((resolve) => opened.app.process().once('exit', resolve));
    opened.app.process().kill(signal);
    expect(await exit).toBe(0);
    await until('all processes are gone', () => !pids.some(alive), 3000);
    expect(existsSync(path.join(opened.userData, 'window.json')), 'the window was closed, not killed').toBe(true);
  });

  test('ends with the page that showed it: a crashed page is loaded again', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await hosts(opened.app)).length === 1);
    await opened.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await until('the host is gone', async () => (await hosts(opened.app)).length === 0);
    const shown = () =>
      opened.app.evaluate(({ BrowserWindow }) => {
        const page = BrowserWindow.getAllWindows()[0]?.webContents;
        return page?.isCrashed() === false && page.getURL();
      });
    await until('the page is back', async () => (await shown()) === 'sonde://app/index.html');
    await opened.close();
  });

  test('does not outlive main, however main ends', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await hosts(opened.app)).length === 1);
    const pids = await hosts(opened.app);
    opened.app.process().kill('SIGKILL');
    await until('the host is gone', () => !pids.some(alive), 5000);
  });
});

test('About names the version and what it runs on', async () => {
  const opened = await stage.launch();
  const shown = await opened.app.evaluate(async ({ dialog, Menu }) => {
    let said = '';
    dialog.showMessageBox = (...args: unknown[]) => {
      const { message, detail } = args.at(-1) as { message: string; detail: string };
      said = `${message}\n${detail}`;
      return Promise.resolve({ response: 0, checkboxChecked: false });
    };
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    items.find(({ label }) => label.startsWith('About'))?.click();
    return said;
  });
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(shown).toContain(`Sonde ${version}\nElectron `);
  expect(shown).toMatch(/Chromium \d+.*\nNode\.js \d+/);
  await opened.close();
});

test('what goes wrong is in the log, and diagnostics tell it without the user', async () => {
  const opened = await stage.launch();
  const copied = await opened.app.evaluate(({ app, clipboard, Menu }) => {
    console.error(`cannot open ${app.getPath('home')}/x of root@192.0.2.7`);
    const items = Menu.getApplicationMenu()?.items.flatMap((menu) => menu.submenu?.items ?? []) ?? [];
    items.find(({ label }) => label === 'Copy diagnostics')?.click();
    return clipboard.readText();
  });
  expect(readFileSync(path.join(opened.userData, 'logs/sonde.log'), 'utf8')).toContain('192.0.2.7');
  expect(copied).toMatch(/^Sonde .*\nElectron /);
  expect(copied).toContain('cannot open ~/x of USER@HOST');
  await opened.close();
});

test('the window comes back where it was; a damaged memory of it does not matter', async () => {
  const first = await stage.launch();
  await first.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 1010, height: 707 }),
  );
  await first.page.waitForTimeout(300);
  await first.close();
  const second = await stage.launch([], first.userData);
  const bounds = () => second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(await bounds()).toMatchObject({ width: 1010, height: 707 });
  await second.close();
  writeFileSync(path.join(first.userData, 'window.json'), '{"x":');
  writeFileSync(path.join(first.userData, 'devices.json'), 'nonsense');
  const third = await stage.launch([], first.userData);
  expect(await third.page.evaluate(() => sonde.request('recent-devices'))).toEqual({ ok: true, value: [] });
  expect(existsSync(path.join(first.userData, 'devices.json.bad'))).toBe(true);
  await third.close();
});

/** Opens a recording beside the page's own sessions, acknowledges everything, returns all views until it is complete or ended. */
function replay(page: Page, file: string): Promise<{ kind: string }[]> {
  return page.evaluate(
    (name) =>
      new Promise<{ kind: string }[]>((resolve) => {
        const views: { kind: string; complete?: boolean }[] = [];
        window.addEventListener('message', ({ data, ports: [port] }) => {
          if (data?.kind !== 'sonde:session-port' || !port) return;
          port.onmessage = ({ data: message }) => {
            if (message.kind === 'signals') port.postMessage({ kind: 'ack', batch: message.batch });
            if (message.kind !== 'state') return;
            views.push(message.view);
            if (message.view.kind === 'ended' || message.view.complete) resolve(views);
          };
        });
        void sonde.request('open-recording', name);
      }),
    file,
  );
}

/** Over a port of its own: an export to the file that the (answered for the user) dialog chose, and to one it did not. */
async function exportTwice({ app, page }: Application, chosen: string, other: string): Promise<unknown[]> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, chosen);
  return page.evaluate(
    async ([recording, first, second]) => {
      const port = await new Promise<MessagePort>((resolve) => {
        window.addEventListener('message', ({ data, ports: [given] }) => {
          if (data?.kind === 'sonde:session-port' && given) resolve(given);
        });
        void sonde.request('open-recording', recording ?? null);
      });
      await sonde.request('choose-export-file', 'x.folded', 'folded');
      const outcomes: unknown[] = [];
      await new Promise<void>((resolve) => {
        port.onmessage = ({ data: message }) => {
          if (message.kind === 'signals') port.postMessage({ kind: 'ack', batch: message.batch });
          if (message.kind === 'exported' && outcomes.push(message) === 2) resolve();
        };
        for (const [request, file] of [first, second].entries())
          port.postMessage({ kind: 'export', request, format: 'folded', table: null, file, ranges: [] });
      });
      return outcomes;
    },
    [RECORDING, chosen, other] as const,
  );
}
