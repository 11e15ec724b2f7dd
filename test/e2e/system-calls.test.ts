/** The view of system calls by keyboard and mouse, on a made-up box. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useScreens } from './screens/harness.ts';

const screens = useScreens('calls');
const { press, selection, shownTab, source } = screens;
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});

async function show(screen: string): Promise<void> {
  await screens.show(screen);
  await page.getByRole('tablist', { name: 'Views of the session' }).waitFor();
}

/** On a live box, with its system calls on the screen. */
async function showCalls(): Promise<void> {
  await show('live');
  await page.keyboard.press('Control+2');
  await grid().waitFor();
}

const grid = () => page.getByRole('grid', { name: 'System calls' });
const rows = () => grid().getByRole('row');
const firstRow = () => rows().nth(1);

describe('one selection, two views', () => {
  test('Ctrl+1 and Ctrl+2 change the view from anywhere; arrows within the tabs', async () => {
    await showCalls();
    expect(await shownTab()).toBe('System calls');
    await press('Control+1');
    expect(await shownTab()).toBe('CPU profile');
    await page.getByRole('tab', { name: 'CPU profile' }).focus();
    await press('ArrowRight');
    expect(await shownTab()).toBe('System calls');
  });

  test('a frame leads to the calls of its process, a row back to its profile', async () => {
    await show('live');
    const canvas = page.locator('canvas[tabindex]').first();
    await canvas.focus();
    await press('ArrowDown', 'ArrowDown', 'Shift+F10');
    await page.getByRole('menuitem', { name: 'System calls of this process' }).press('Enter');
    await grid().waitFor();
    const chosen = (await selection())?.process;
    expect(chosen).toBeGreaterThan(0);
    const processes = await grid().locator('.grid-body .grid-dim').allInnerTexts();
    expect(new Set(processes).size).toBe(1);
    await grid().focus();
    await press('ArrowDown', 'g');
    expect(await shownTab()).toBe('CPU profile');
    expect((await selection())?.process).toBe(chosen);
  });

  test('the profile keeps its zoom while calls are looked at', async () => {
    await show('live');
    await page.locator('canvas[tabindex]').first().focus();
    await press('ArrowDown', 'ArrowDown', 'Enter');
    const crumbs = page.getByRole('navigation', { name: 'Zoomed frame' }).getByRole('listitem');
    const zoomed = await crumbs.count();
    expect(zoomed).toBeGreaterThan(1);
    await press('Control+2', 'Control+1');
    expect(await crumbs.count()).toBe(zoomed);
  });
});

describe('the table', () => {
  test('arrows choose a row, pictures follow, Esc shows all again', async () => {
    await showCalls();
    const readout = page.getByRole('region', { name: 'Latency', exact: true }).locator('.readout');
    const all = await readout.innerText();
    await grid().focus();
    await press('Home');
    expect(await firstRow().getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => readout.innerText()).not.toBe(all);
    await press('Escape');
    expect(await firstRow().getAttribute('aria-selected')).toBe('false');
    await expect.poll(() => readout.innerText()).toBe(all);
  });

  test('P filters every view by the process of a row', async () => {
    await showCalls();
    await grid().focus();
    await press('Home', 'p');
    expect((await selection())?.process).toBeGreaterThan(0);
  });

  test('search by regular expression from anywhere, and say so where it is none', async () => {
    await showCalls();
    const before = await rows().count();
    await press('/');
    await page.keyboard.type('^(read|write)$');
    await expect.poll(() => rows().count()).toBeLessThan(before);
    for (const name of await grid().locator('.calls-name').allInnerTexts())
      expect(name).toMatch(/^(System call|read|write)/);
    await press('Control+a');
    await page.keyboard.type('(');
    await page.getByText('invalid regex').waitFor();
    await press('Escape');
    await expect.poll(() => rows().count()).toBe(before);
  });

  test('a press on a head sorts, a second one turns it around', async () => {
    await showCalls();
    const names = () => grid().locator('.grid-body .calls-name').allInnerTexts();
    await page.getByRole('button', { name: 'System call' }).click();
    const sorted = await names();
    expect(sorted).toEqual([...sorted].sort());
    await page.getByRole('button', { name: /^System call/ }).click();
    expect(await names()).toEqual(sorted.toReversed());
  });

  test('errors by name and meaning; counts of calls that failed', async () => {
    await showCalls();
    await page.getByRole('tab', { name: 'Errors' }).click();
    const row = page.getByRole('row').filter({ hasText: 'ECONNREFUSED' });
    await expect.poll(() => row.innerText()).toMatch(/connect\s+ECONNREFUSED\s+Connection refused\s+mosquitto/);
  });
});

describe('the heat map', () => {
  const plot = () => page.getByRole('application', { name: /Calls by time and latency/ });

  test('a drag selects a time for every view and a band for the table', async () => {
    await showCalls();
    const coverage = page.locator('.calls-coverage');
    const before = await coverage.innerText();
    const box = await plot().boundingBox();
    if (!box) throw new Error('no heat map');
    await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.6, { steps: 3 });
    await page.mouse.up();
    const range = (await selection())?.range;
    expect(range?.kind === 'between' && Math.round((range.toNs - range.fromNs) / 1e9)).toBeGreaterThan(20);
    await expect.poll(() => coverage.innerText()).not.toBe(before);
    await page.getByRole('button', { name: /^Any latency/ }).click();
    expect(await page.getByRole('button', { name: /^Any latency/ }).count()).toBe(0);
    expect((await selection())?.range).toEqual(range);
  });

  test('by keys: arrows move, Shift selects, Enter applies, Esc undoes the band', async () => {
    await showCalls();
    await plot().focus();
    await press('ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowUp', 'Enter');
    const range = (await selection())?.range;
    expect(range?.kind === 'between' && Math.round((range.toNs - range.fromNs) / 1e9)).toBe(2);
    await page.getByRole('button', { name: /^Any latency/ }).waitFor();
    await press('Escape');
    await expect.poll(() => page.getByRole('button', { name: /^Any latency/ }).count()).toBe(0);
  });
});

describe('the histogram', () => {
  test('arrows go from bucket to bucket and say what is in it', async () => {
    await showCalls();
    const slider = page.getByRole('slider', { name: 'Bucket of the latency histogram' });
    await slider.focus();
    await press('ArrowRight', 'ArrowRight', 'ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^[\d.]+–[\d.]+ (ns|µs|ms|s) {3}[\d\u202f]+ calls?/);
  });
});

describe('starting and stopping', () => {
  test('a probe that does not run is started with one press, or with options', async () => {
    await show('live-profile-only');
    await press('Control+2');
    await page.getByRole('button', { name: 'With options…' }).click();
    const pid = page.getByRole('textbox', { name: 'Process' });
    await pid.fill('none');
    await press('Enter');
    await page.getByText('Must be a whole number').waitFor();
    expect((await source())?.started).toEqual([]);
    await pid.fill('4711');
    await press('Enter');
    expect((await source())?.started).toEqual([{ probe: 'syscalls', options: { pid: '4711' } }]);
    await page.getByText('Waiting for the first calls…').waitFor();
  });

  test('a probe that runs is stopped, and only that one', async () => {
    await showCalls();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect((await source())?.stopped).toEqual(['syscalls']);
    expect(await page.getByRole('button', { name: 'Stopping…' }).isDisabled()).toBe(true);
  });
});
