/** Every screen, one after the other in one page: looked at small and large, light and dark, and kept as pictures. */
import { mkdir, writeFile } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ACTS } from './screens/acts/index.ts';
import { openTestWindow } from './screens/browser.ts';
import type { TestWindow } from './screens/browser.ts';
import { bringAxe, COLOUR_RULES, overflowing, seriousFindings } from './screens/findings.ts';
import { serveScreens } from './screens/site.ts';
import type { Site } from './screens/site.ts';

vi.mock('electron', () => ({ protocol: {} }));

/** The smallest window that is supported, in which axe looks, and a usual one. */
const [SMALL, USUAL] = [
  { width: 1024, height: 700 },
  { width: 1440, height: 900 },
] as const;
const PICTURES = 'out/screens/pictures';
/** A busy machine lays out late. */
const PATIENT = { timeout: 180_000 };

let site: Site;
let window: TestWindow;
let page: Page;
let debug: CDPSession;

beforeAll(async () => {
  const { CONTENT_SECURITY_POLICY } = await import('../../electron/shell/app-protocol.ts');
  site = await serveScreens('out/screens/site', CONTENT_SECURITY_POLICY);
  window = await openTestWindow();
  ({ page } = window);
  // Pictures are of what comes to rest.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${site.url}?hurried`);
  await page.waitForSelector('html[data-ready]');
  await bringAxe(page);
  debug = await page.context().newCDPSession(page);
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await window?.close();
  await site?.close();
});

test.each(Object.entries(ACTS))(
  'screen %s: no complaint, no overflow, nothing axe finds serious',
  async (name, { screen, act }) => {
    const complaints: string[] = [];
    const hear = (message: { type(): string; text(): string }) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    };
    const fail = (error: Error) => complaints.push(error.message);
    page.on('console', hear).on('pageerror', fail);
    await enter(screen);
    await act(page);
    await lookAt(name, 'light', SMALL);
    expect(await seriousFindings(page, null), 'light').toEqual([]);
    await lookAt(name, 'dark', SMALL);
    expect(await seriousFindings(page, COLOUR_RULES), 'dark').toEqual([]);
    await lookAt(name, 'dark', USUAL);
    await lookAt(name, 'light', USUAL);
    page.off('console', hear).off('pageerror', fail);
    expect(complaints).toEqual([]);
  },
);

/** What Ctrl and + make of a usual window. */
const ZOOMED = { width: USUAL.width / 2, height: USUAL.height / 2 };

test.each(['start-recent', 'live', 'library', 'compare'])(
  'screen %s, zoomed to twice the size, scrolls to everything in it',
  async (screen) => {
    await enter(screen);
    await page.setViewportSize(ZOOMED);
    await settled();
    for (const button of await page.locator('button:visible').all()) {
      await button.scrollIntoViewIfNeeded();
      const box = await button.boundingBox();
      const isIn = box && box.x >= 0 && box.y >= 0 && box.x < ZOOMED.width && box.y < ZOOMED.height;
      expect(isIn, await button.innerText()).toBe(true);
    }
    await page.screenshot({ path: `${PICTURES}/${screen}-zoomed.png` });
  },
);

/** As if the window was just opened, with the pointer out of the way. */
async function enter(screen: string): Promise<void> {
  await page.setViewportSize(SMALL);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.mouse.move(0, 0);
  await page.evaluate((state) => globalThis.window.show(state), screen);
  await settled();
}

async function lookAt(name: string, colorScheme: 'light' | 'dark', size: typeof SMALL | typeof USUAL): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(size);
  await settled();
  await expect.poll(() => overflowing(page), { message: `${colorScheme} ${size.width}`, ...PATIENT }).toEqual([]);
  const { data } = await debug.send('Page.captureScreenshot', { format: 'png', optimizeForSpeed: true });
  await writeFile(`${PICTURES}/${name}-${colorScheme}-${size.width}.png`, Buffer.from(data, 'base64'));
}

const settled = () => page.evaluate(() => globalThis.window.settled());
