/** The report and the SVG, opened from a disk in a real browser window that has no network. */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ExportFormat } from '../../electron/bridge/contract.ts';
import { EVERYTHING, exportRecording } from '../../electron/export/index.ts';
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../fixtures/calls.ts';
import { networkSignals } from '../fixtures/network.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { record } from '../unit/recording/helpers.ts';
import { openTestWindow, type TestWindow } from './screens/browser.ts';
import { removeFolder } from '../remove-folder.ts';

vi.mock('electron', () => ({ protocol: {} }));

const PICTURES = 'out/screens/pictures';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'sonde-report-'));
const HOSTILE = '<img src=x onerror=alert(1)>';
const STACKS = `nginx;main;loop;read_[k] 30\nnginx;main;handle;parse 20 @1\nsh;main;run 40 @2\ncron;${HOSTILE} 3 @3`;
const CALLS = 'nginx read - 9 500\nnginx epoll_wait - 24 90\nsh write EIO 12 5 @1\nsh openat ENOENT 10 20 @2';
let window: TestWindow;

beforeAll(async () => {
  window = await openTestWindow();
  mkdirSync(PICTURES, { recursive: true });
});
afterAll(async () => {
  await window?.close();
  removeFolder(folder);
});

/** Runs of an agent one after the other: ids of each are its own. */
async function exported(name: string, format: ExportFormat): Promise<string> {
  const recording = path.join(folder, `${name}.sonde.mcap`);
  const runs: readonly (readonly Signal[])[] = [signalsFromStacks(STACKS), signalsFromCalls(CALLS), networkSignals()];
  await record(recording, runs.flat());
  const file = path.join(folder, name);
  await exportRecording({ recording, format, file, filter: EVERYTHING });
  return file;
}

interface Heard {
  readonly requests: string[];
  readonly complaints: string[];
}

async function open(file: string): Promise<{ page: Page; heard: Heard }> {
  const { page } = window;
  const heard: Heard = { requests: [], complaints: [] };
  page.removeAllListeners();
  page.on('request', (request) => heard.requests.push(request.url()));
  page.on('pageerror', (error) => heard.complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    heard.complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(file).href);
  return { page, heard };
}

test('report: everything is there, and alive', async () => {
  const file = await exported('report.html', 'html');
  const { page, heard } = await open(file);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect
    .poll(() => page.locator('h2').allInnerTexts())
    .toEqual([
      'What stands out',
      'In the course of time',
      'CPU profile',
      'System calls',
      'Network flows',
      'Device and recording',
    ]);
  const boxes = () => page.locator('.flame .box').allInnerTexts();
  await expect.poll(boxes).toContain('nginx (101)');

  await page.locator('.flame .box', { hasText: 'parse' }).hover();
  expect(await page.locator('section', { hasText: 'CPU profile' }).locator('.words').first().innerText()).toContain(
    'parse, /usr/bin/nginx: 20 samples, 21.51 % of all',
  );
  await page.getByLabel('Search functions').fill('READ');
  expect(await page.locator('.flame .found').allInnerTexts()).toEqual(['read']);
  await page.locator('.flame .box', { hasText: 'handle' }).click();
  await expect.poll(boxes).toEqual(['all', 'nginx (101)', 'main', 'handle', 'parse']);

  const calls = page.locator('section', { hasText: 'System calls' }).last();
  const rows = () => page.locator('table').first().locator('tbody tr').count();
  expect(await rows()).toBe(4);
  await page.getByLabel('Search calls and processes').fill('openat');
  expect(await rows()).toBe(1);
  await page.getByRole('button', { name: 'openat' }).click();
  await expect.poll(() => calls.page().locator('.histogram').innerText()).toContain('openat of sh');
  await page.getByLabel('Search calls and processes').fill('');

  await page.getByLabel('Show').selectOption({ label: 'curl (102)' });
  expect(await page.locator('table').last().locator('tbody tr').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining('curl (102)')]),
  );
  await page.getByLabel('Show').selectOption('');
  await expect.poll(() => page.locator('.flame .box[aria-label^="<img src=x"]').count()).toBe(1);
  expect(heard.complaints).toEqual([]);
  expect(heard.requests).toEqual([pathToFileURL(file).href]);
});

test('report: nothing that axe finds serious, nothing wider than the window, light and dark', async () => {
  const { page } = await open(await exported('look.html', 'html'));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1024, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
        .toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${PICTURES}/report-${colorScheme}-${width}.png`, fullPage: true });
    }
    await page.evaluate(axe);
    const findings = await page.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(findings, colorScheme).toEqual([]);
  }
});

test('svg: a click zooms, Escape shows all, typing finds', async () => {
  const file = await exported('flame.svg', 'svg');
  const { page, heard } = await open(file);
  const shown = () =>
    page
      .locator('.box')
      .evaluateAll((boxes) =>
        boxes.flatMap((box) =>
          (box as SVGGElement).style.display === 'none'
            ? []
            : [box.querySelector('title')?.textContent?.split('\n')[0]],
        ),
      );
  await expect.poll(shown).toContain('sh (102)');
  const all = await shown();
  await page.locator('.box', { hasText: 'handle' }).click();
  expect(await shown()).toEqual(['all', 'nginx (101)', 'main', 'handle', 'parse']);
  await page.screenshot({ path: `${PICTURES}/flame-svg-zoomed.png` });
  await page.keyboard.press('Escape');
  expect(await shown()).toEqual(all);
  await page.locator('#search').fill('run');
  expect(await page.locator('.found').count()).toBe(1);
  expect(await page.locator('#words').textContent()).toBe('found: 43.01 %');
  expect(heard).toEqual({ complaints: [], requests: [pathToFileURL(file).href] });
});
