import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTestWindow } from './screens/browser.ts';
import type { TestWindow } from './screens/browser.ts';
import { ACTS } from './screens/acts.ts';
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

let site: Site;
let window: TestWindow;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

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

describe.each(Object.entries(ACTS))('screen %s', (name, { screen, act }) => {
  test.each(SCHEMES.flatMap((scheme) => SIZES.map((size) => ({ scheme, ...size }))))(
    '$scheme $width×$height: no complaint, no overflow, nothing axe finds serious',
    async ({ scheme, width, height }) => {
      const { page } = window;
      const complaints: string[] = [];
      const hear = (message: { type(): string; text(): string }) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      };
      const fail = (error: Error) => complaints.push(error.message);
      page.on('console', hear).on('pageerror', fail);
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${site.url}?screen=${screen}`);
      await page.waitForSelector('html[data-ready]');
      await settled(page);
      await act(page);
      await page.screenshot({ path: `${PICTURES}/${name}-${scheme}-${width}.png` });
      page.off('console', hear).off('pageerror', fail);
      expect(complaints).toEqual([]);
      expect(await overflowing(page)).toEqual([]);
      // What axe finds does not depend on the size; the smaller one shows more at once.
      if (width === SIZES[0].width) expect(await seriousFindings(page)).toEqual([]);
    },
  );
});

/** Two publishes of the store and a layout. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(350);
}

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
  await page.evaluate(`(async () => { ${await axeSource()} })()`);
  const findings = (await page.evaluate('axe.run().then((result) => result.violations)')) as readonly Finding[];
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
}

let source: string | null = null;
async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  source ??= await readFile(axe, 'utf8');
  return source;
}
