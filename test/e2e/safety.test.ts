/**
 * Electron's security checklist, line by line, each tried as a page that was taken over would try it. What an attacker finds
 * in an unharmed page (no Node, policy, network, one request after another) is in shell.test.ts.
 */
import path from 'node:path';
import type { WebPreferences } from 'electron';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { type Application, openStage, type Stage } from './application.ts';

declare const sonde: SondeBridge;

const HOME = 'sonde://app/index.html';
/** What is refused is refused at once; a hole would show within this. */
const HOLE_MS = 300;
/** What was there for a moment is gone within this, however busy the machine. */
const GONE_MS = 60_000;

let stage: Stage;
let opened: Application;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  // A machine without a camera would have nothing to refuse.
  opened = await stage.launch(['--use-fake-device-for-media-stream']);
  page = opened.page;
  // Nothing may leave for another program; what tries is written down.
  await opened.app.evaluate(({ shell }) => {
    const left: string[] = [];
    Object.assign(globalThis, { left });
    shell.openExternal = async (url) => void left.push(url);
  });
});
afterAll(async () => {
  await opened?.close();
  await stage?.close();
});
beforeEach(() => expect(page.url()).toBe(HOME));

/** Still the only window, at home, and nothing was handed to another program. */
async function expectUnmoved(): Promise<void> {
  await page.waitForTimeout(HOLE_MS);
  expect(page.url()).toBe(HOME);
  expect(await opened.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);
  expect(await opened.app.evaluate(() => (globalThis as unknown as { left: string[] }).left)).toEqual([]);
}

test.each([
  'https://example.org/',
  'http://127.0.0.1/',
  'file:///etc/passwd',
  'mailto:a@b',
  'smb://x/y',
  'data:text/html,x',
])('the page cannot be led to %s', async (url) => {
  await page.evaluate((to) => {
    window.location.href = to;
  }, url);
  await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, url);
  await expectUnmoved();
});

test.each(['https://example.org/', 'file:///etc/passwd', 'mailto:a@b', 'about:blank', HOME])(
  'no window opens for %s',
  async (url) => {
    expect(await page.evaluate((to) => window.open(to), url)).toBeNull();
    await page.evaluate((to) => {
      const link = document.createElement('a');
      Object.assign(link, { href: to, target: '_blank' });
      document.body.append(link);
      link.click();
      link.remove();
    }, url);
    await expectUnmoved();
  },
);

test('a form is sent nowhere', async () => {
  await page.evaluate(() => {
    const form = document.createElement('form');
    Object.assign(form, { action: 'https://example.org/', method: 'post' });
    document.body.append(form);
    form.submit();
    form.remove();
  });
  await expectUnmoved();
});

test.each(['iframe', 'webview', 'object', 'embed'])('nothing is embedded with <%s>', async (name) => {
  const frames = page.frames().length;
  await page.evaluate((tag) => {
    const element = document.createElement(tag);
    element.setAttribute(tag === 'object' ? 'data' : 'src', 'https://example.org/');
    element.setAttribute('nodeintegration', 'true');
    document.body.append(element);
    setTimeout(() => element.remove(), 200);
  }, name);
  await expectUnmoved();
  // A busy machine takes the element away late.
  await expect.poll(() => page.frames().length, { timeout: GONE_MS }).toBe(frames);
});

test('what the page asks permission for is refused', async () => {
  const answers = await page.evaluate(async () => {
    const outcome = (asked: Promise<unknown>) =>
      asked.then(
        (value) => String(value),
        (error: unknown) => (error instanceof GeolocationPositionError ? 'denied' : (error as Error).name),
      );
    return Promise.all([
      outcome(navigator.mediaDevices.getUserMedia({ audio: true })),
      outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      outcome(Notification.requestPermission()),
      outcome(new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
      outcome(navigator.clipboard.readText()),
    ]);
  });
  expect(
    answers.every((answer) => /^(denied|NotAllowedError)$/.test(answer)),
    answers.join(),
  ).toBe(true);
});

test('nothing is downloaded', async () => {
  const begun = await opened.app.evaluateHandle(({ session }) => {
    const files: string[] = [];
    session.defaultSession.on('will-download', (event, item) => {
      if (!event.defaultPrevented) files.push(item.getURL());
    });
    return files;
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.sh';
    link.click();
  });
  await expectUnmoved();
  expect(await begun.jsonValue()).toEqual([]);
});

test('code that is put into the page does not run: no handler, no javascript: link, no eval, no foreign script', async () => {
  await page.evaluate(() => {
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="data:x" onerror="window.hole = 1"><a href="javascript:window.hole=2">x</a>';
    document.body.append(holder);
    holder.querySelector('a')?.click();
    const foreign = document.createElement('script');
    foreign.src = 'data:text/javascript,window.hole=3';
    document.body.append(foreign);
    setTimeout('window.hole = 4');
  });
  await expectUnmoved();
  expect(await page.evaluate(() => 'hole' in window)).toBe(false);
});

test('the window’s fences stand as they were built', async () => {
  const preferences = await opened.app.evaluate(({ BrowserWindow }) => {
    // Not in Electron's types, though in its documentation.
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): WebPreferences;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  for (const name of ['allowRunningInsecureContent', 'experimentalFeatures', 'nodeIntegrationInWorker', 'webviewTag'])
    expect(preferences[name as keyof WebPreferences] ?? false, name).toBe(false);
});

test('a request from any page but ours is refused, even through our own preload', async () => {
  const said = await opened.app.evaluate(
    async ({ BrowserWindow }, { address, preload }) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      });
      try {
        await foreign.loadURL(address);
        return await foreign.webContents.executeJavaScript(
          `sonde.request('app-info').then(() => 'answered', (error) => error.message)`,
        );
      } finally {
        foreign.destroy();
      }
    },
    { address: HOME, preload: path.resolve('out/app/preload.cjs') },
  );
  expect(said).toContain('refused: not the page of this window');
});

test.each([
  ['choose-export-file', '../../x', 'exe'],
  ['delete-recordings', '/etc/passwd', 'trash'],
  ['open-recording', { file: '/etc/passwd' }],
  ['copy-text', 7],
  ['constructor'],
  ['__proto__'],
])('a request of the wrong shape is refused: %s', async (...request) => {
  const outcome = await page.evaluate(
    (args) =>
      (sonde.request as (...all: unknown[]) => Promise<unknown>)(...args).then(
        () => 'answered',
        (error: Error) => error.message,
      ),
    request,
  );
  expect(outcome).toContain('refused: ');
});
