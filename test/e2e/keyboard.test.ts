import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('keyboard');
const { asked, press } = screens;
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});

async function show(screen: string): Promise<void> {
  await screens.show(screen);
  await page.waitForTimeout(350);
}

const answers = () => screens.source().then((source) => source?.answers);
const range = () => screens.selection().then((selection) => selection?.range ?? null);
const focused = () =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

describe('by keyboard alone', () => {
  test('a device is typed and connected to', async () => {
    await show('start-recent');
    await page.keyboard.type('root@box');
    await press('Enter');
    expect(await asked('connect')).toMatchObject([{ args: [{ destination: 'root@box' }] }]);
  });

  test('a device from the list is one press away', async () => {
    await show('start-recent');
    await page.getByRole('button', { name: /gateway-7.*mara@/ }).focus();
    await press('Enter');
    expect(await asked('connect')).toMatchObject([{ args: [{ destination: 'mara@192.168.1.20' }] }]);
  });

  test('a form that is not right leads to the first field that is wrong, also within options that are folded away', async () => {
    await show('start-recent');
    await page.keyboard.type('root@box');
    await page.locator('summary', { hasText: 'CPU profile' }).click();
    const rate = page.getByRole('textbox', { name: /^Rate/ });
    await rate.fill('20000');
    await page.locator('summary', { hasText: 'CPU profile' }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).focus();
    await press('Enter');
    await expect.poll(() => rate.evaluate((field) => field === document.activeElement), PATIENT).toBe(true);
    expect(await asked('connect')).toEqual([]);
  });

  test('Enter and Escape both refuse an unknown host key', async () => {
    for (const key of ['Enter', 'Escape']) {
      await show('host-key');
      await page.getByRole('dialog').waitFor();
      await press(key);
      expect(await answers()).toEqual([{ prompt: 1, value: false, keep: false }]);
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
  });

  test('accepting a host key takes a decision', async () => {
    await show('host-key');
    await page.getByRole('dialog').waitFor();
    // The dialog takes the focus a moment after it is there.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog], dialog') !== null))
      .toBe(true);
    await press('Shift+Tab', 'Enter');
    expect(await answers()).toEqual([{ prompt: 1, value: true, keep: false }]);
  });

  test('a secret is typed masked, shown on demand, sent with Enter', async () => {
    await show('secret');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('hunter2');
    expect(await page.locator('input[type=password]').inputValue()).toBe('hunter2');
    await page.getByRole('button', { name: 'Show what is typed' }).click();
    expect(await page.locator('.secret input[type=text]').inputValue()).toBe('hunter2');
    await page.locator('.secret input').focus();
    await press('Enter');
    expect(await answers()).toEqual([{ prompt: 2, value: 'hunter2', keep: false }]);
  });

  test('Escape cancels a secret', async () => {
    await show('secret');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('hun');
    await press('Escape');
    expect(await answers()).toEqual([{ prompt: 2, value: null, keep: false }]);
  });

  test('settings are changed and left without a mouse', async () => {
    await show('settings');
    await expect.poll(focused).toBe('Close');
    await press('Tab'); // around, to the first
    await press('ArrowRight');
    expect(await asked('set-settings')).toMatchObject([{ args: [{ theme: 'light' }] }]);
    await press('Tab', 'Tab', 'Space');
    expect((await asked('set-settings'))?.at(-1)).toMatchObject({
      args: [{ probes: ['cpu-profile', 'dns', 'syscalls'] }],
    });
    await press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('leaving takes a decision: Enter and Escape stay', async () => {
    for (const key of ['Enter', 'Escape']) {
      await show('quit');
      await expect.poll(focused).toBe('Cancel');
      await press(key);
      expect(await asked('answer-quit')).toMatchObject([{ args: [false] }]);
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
  });

  test('Space pauses and resumes, also with the focus on the chosen range', async () => {
    await show('live');
    await press('Space');
    expect(await range()).toMatchObject({ kind: 'between' });
    await press('Space');
    expect(await range()).toEqual({ kind: 'last', seconds: 60 });
    await page.getByRole('radio', { name: '5 min' }).click();
    await press('Space');
    expect(await range()).toMatchObject({ kind: 'between' });
    await press('Space');
    expect(await range()).toEqual({ kind: 'last', seconds: 300 });
  });

  test('Space is typed where something is typed', async () => {
    await show('live');
    await page.getByRole('searchbox').or(page.locator('input[type=search]')).first().focus();
    await press('Space');
    expect(await range()).toEqual({ kind: 'last', seconds: 60 });
  });

  test('arrow keys choose a range and move its edges', async () => {
    await show('live');
    await page.getByRole('radio', { name: '1 min' }).focus();
    await press('ArrowRight');
    expect(await range()).toEqual({ kind: 'last', seconds: 300 });
    await page.getByRole('slider', { name: 'Start of the selected range' }).focus();
    await press('ArrowRight', 'Shift+ArrowRight');
    const moved = await range();
    expect(moved?.kind === 'between' && (moved.toNs - moved.fromNs) / 1e9).toBeLessThan(240);
  });

  test('a question mark lists what keys there are, wherever the focus is, and Escape puts that away', async () => {
    await show('live');
    for (const [view, list] of [
      ['CPU profile', page.getByRole('dialog', { name: 'Keys of the flame graph' })],
      ['System calls', page.getByRole('group', { name: /^About these numbers/ })],
      ['Network flows', page.getByRole('group', { name: /^About these numbers/ })],
    ] as const) {
      await page.getByRole('tab', { name: view }).click();
      await press('?');
      await list.waitFor();
      await press('Escape');
      await list.waitFor({ state: 'detached' });
    }
  });

  test('a panel opens with Enter, closes with Escape, and the focus is back on its button', async () => {
    await show('live');
    await page.getByRole('button', { name: /^Export/ }).focus();
    await press('Enter');
    await page.getByRole('group', { name: 'Export' }).waitFor();
    await press('Tab', 'ArrowDown');
    await press('Escape');
    expect(await page.getByRole('group', { name: 'Export' }).count()).toBe(0);
    expect(await focused()).toContain('Export');
  });

  test('an export of the selected range asks for a file and says what it wrote', async () => {
    await show('replay');
    await screens.drag('.brush', [0.3, 0.5], [0.6, 0.5]);
    await page.getByRole('button', { name: /^Export/ }).click();
    expect(await page.getByRole('radio', { name: /^The selected range/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: /speedscope/ }).click();
    await page.getByRole('button', { name: 'Show in folder' }).click();
    expect(await asked('choose-export-file')).toMatchObject([
      { args: [expect.stringMatching(/^gateway-7 .*\.speedscope\.json$/), 'speedscope'] },
    ]);
    expect(await asked('show-in-folder')).toEqual([{ name: 'show-in-folder', args: ['/home/mara/gateway.folded'] }]);
  });
});
