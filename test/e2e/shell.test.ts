/** The built application, driven as a user and as an attacker in its page would. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WebPreferences } from 'electron';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { type Application, openStage, type Stage } from './application.ts';

declare const sonde: SondeBridge;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

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
