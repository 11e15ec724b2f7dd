import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTestWindow } from './screens/browser.ts';
import type { TestWindow } from './screens/browser.ts';
import { ACTS } from './screens/acts/index.ts';
import { serveScreens } from './screens/site.ts';
import type { Site } from './screens/site.ts';

vi.mock('electron', () => ({ protocol: {} }));

/** The smallest window that is supported, and a usual one. */
const SIZES = [
  { width: 1024, height: 700 },
  { width: 1440, height: 900 },
] as const;
const SCHEMES = ['light', 'dark'] as const;
const PICTURES = 'out/screens/pictures';
/** Two publishes of the store. */
const PUBLISHED_MS = 450;
/** Charts and canvas follow a new size a frame or two later. */
const LAID_OUT_MS = 150;

let site: Site;
let window: TestWindow;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(async () => {
  const { CONTENT_SECURITY_POLICY } = await import('../../electron/shell/app-protocol.ts');
  site = await serveScreens('out/screens/site', CONTENT_SECURITY_POLICY);
  window = await openTestWindow();
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await window?.close();
  await site?.close();
});

test.each(Object.entries(ACTS))(
  'screen %s: no complaint, no overflow, nothing axe finds serious',
  async (name, { screen, act }) => {
    const { page } = window;
    const complaints: string[] = [];
    const hear = (message: { type(): string; text(): string }) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    };
    const fail = (error: Error) => complaints.push(error.message);
    page.on('console', hear).on('pageerror', fail);
    await page.setViewportSize(SIZES[0]);
    await page.goto(`${site.url}?screen=${screen}`);
    await page.waitForSelector('html[data-ready]');
    await page.waitForTimeout(PUBLISHED_MS);
    await act(page);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.waitForTimeout(LAID_OUT_MS);
        await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}-${size.width}.png` });
        // A busy machine lays out later than that.
        await expect
          .poll(() => overflowing(page), { message: `${colorScheme} ${size.width}`, timeout: 5000 })
          .toEqual([]);
      }
      expect(await seriousFindings(page), colorScheme).toEqual([]);
    }
    page.off('console', hear).off('pageerror', fail);
    expect(complaints).toEqual([]);
  },
);

/** What is wider or lower than the window, or wider than the box it lies in without being meant to scroll. */
function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const found: string[] = [];
    if (root.scrollWidth > root.clientWidth) found.push(`page: ${root.scrollWidth} > ${root.clientWidth}`);
    if (root.scrollHeight > root.clientHeight) found.push(`page: ${root.scrollHeight} > ${root.clientHeight}`);
    for (const element of document.querySelectorAll(
      '.identity-bar, .status-bar, .time-bar, .range-chooser, .popover-panel, .dialog, .banner',
    )) {
      const box = element.getBoundingClientRect();
      const inside =
        box.left >= 0 && box.top >= 0 && box.right <= root.clientWidth + 0.5 && box.bottom <= root.clientHeight + 0.5;
      if (!inside || element.scrollWidth > element.clientWidth + 1) found.push(element.className);
    }
    return found;
  });
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which no content policy stops.
  await page.evaluate(`(() => { ${axe} })()`);
  const findings = (await page.evaluate('axe.run().then((result) => result.violations)')) as readonly Finding[];
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
}
