// Takes pictures of the workspace to look at: node test/bench/flamegraph/pictures.mjs
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openWindow } from './browser.mjs';
import { bundlePage, serve } from './site.mjs';

const FOLDER = 'out/bench/flamegraph';
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];
const SETTLE_MS = 900;

/** What is done before each picture, one after the other. */
const STEPS = {
  flame: () => {},
  zoomed: (page) => clickRow(page, 0.25, 6),
  search: (page) => page.fill('input[type=search]', 'read|write'),
  functions: async (page) => {
    await page.fill('input[type=search]', '');
    await page.getByRole('tab', { name: 'Functions' }).click();
  },
  sandwich: (page) => page.getByRole('tab', { name: 'Sandwich' }).click(),
};

async function clickRow(page, x, row) {
  const box = await page.locator('canvas[tabindex]').boundingBox();
  await page.mouse.click(box.x + box.width * x, box.y + row * 20 + 10);
  await page.mouse.move(0, 0);
}

async function main() {
  const site = path.join(FOLDER, 'site');
  mkdirSync(site, { recursive: true });
  await bundlePage('test/bench/flamegraph/page.tsx', site);
  copyFileSync('renderer/index.html', path.join(site, 'index.html'));
  const server = await serve({ sonde: site });
  const { page, close } = await openWindow();
  for (const colorScheme of ['light', 'dark']) {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.url}sonde/?world=60`);
      for (const [name, act] of Object.entries(STEPS)) {
        await act(page);
        await page.waitForTimeout(SETTLE_MS);
        await page.screenshot({ path: path.join(FOLDER, `${name}-${colorScheme}-${size.width}.png`) });
      }
    }
  }
  await close();
  await server.close();
  console.log(`pictures are in ${FOLDER}`);
}

await main();
