/** What Sonde exports, opened in speedscope itself: its own page, in a browser window. */
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EVERYTHING, exportRecording } from '../../electron/export/index.ts';
import { serve } from '../bench/flamegraph/site.mjs';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { removeFolder } from '../remove-folder.ts';
import { record } from '../unit/recording/helpers.ts';
import { openTestWindow } from './screens/browser.ts';

const SPEEDSCOPE = path.dirname(createRequire(import.meta.url).resolve('speedscope/package.json'));
const STACKS = 'nginx;main;loop;read_[k] 30\nnginx;main;handle;parse 20\nsh;main;run 40';
const folder = mkdtempSync(path.join(tmpdir(), 'sonde-speedscope-'));

afterAll(() => removeFolder(folder));

test('draws the functions of all processes, and has each of the two', async () => {
  const recording = path.join(folder, 'a.sonde.mcap');
  await record(recording, signalsFromStacks(STACKS));
  const file = path.join(folder, 'a.speedscope.json');
  await exportRecording({ recording, format: 'speedscope', file, filter: EVERYTHING });
  const site = await serve({ speedscope: path.join(SPEEDSCOPE, 'dist/release'), export: folder });
  const window = await openTestWindow();
  try {
    const { page } = window;
    await page.addInitScript(rememberLabels);
    await page.goto(`${site.url}speedscope/#profileURL=${encodeURIComponent(`${site.url}export/a.speedscope.json`)}`);
    const drawn = () => page.evaluate(() => (document.documentElement.dataset['labels'] ?? '').split('\n'));
    await expect
      .poll(drawn, { timeout: 120_000 })
      .toEqual(expect.arrayContaining(['main', 'loop', 'handle', 'parse', 'run']));
    expect(await page.locator('body').innerText()).toContain('all processes (1/3)');
  } finally {
    await window.close();
    await site.close();
  }
});

/** Runs in the page before anything else: speedscope writes the names of its boxes with fillText. */
function rememberLabels(): void {
  const { fillText } = CanvasRenderingContext2D.prototype;
  const labels = new Set<string>();
  CanvasRenderingContext2D.prototype.fillText = function (...args) {
    document.documentElement.dataset['labels'] = [...labels.add(args[0])].join('\n');
    return fillText.apply(this, args);
  };
}
