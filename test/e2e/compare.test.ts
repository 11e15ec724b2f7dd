// Comparing by keyboard and mouse, in the real window over made-up data.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('compare');
const { press } = screens;
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});

const heading = () => page.getByRole('heading', { name: 'Compare' });
const side = (name: 'Before' | 'After') =>
  page.getByRole('button', { name: new RegExp(`^${name} gateway`) }).innerText();
const spoken = () => page.locator('.flame-picture [aria-live]').innerText();

async function compared(): Promise<void> {
  await screens.show('compare');
  await heading().waitFor(PATIENT);
}

describe('comparing', () => {
  test('two halves of a range, by keyboard alone, and back', async () => {
    await screens.show('replay');
    await page.getByRole('button', { name: 'Compare' }).focus();
    await press('Enter', 'Tab', 'Enter');
    await heading().waitFor(PATIENT);
    expect([await side('Before'), await side('After')]).toEqual([
      expect.stringContaining('12:00:00'),
      expect.stringContaining('12:02:00'),
    ]);
    await press('Escape');
    await heading().waitFor({ state: 'detached', ...PATIENT });
    await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
  });

  test('swapped, more is less', async () => {
    await compared();
    await page.getByRole('tab', { name: 'Functions' }).click();
    const row = page.getByRole('row').filter({ hasText: 'libvendor' });
    await row.waitFor(PATIENT);
    const [before, after] = [await side('Before'), await side('After')];
    expect(await row.innerText()).toMatch(/−\d/);
    await press('x');
    await expect.poll(() => side('Before'), PATIENT).toBe(after.replace('After', 'Before'));
    expect(await side('After')).toBe(before.replace('Before', 'After'));
    expect(await row.innerText()).toMatch(/\+\d/);
  });

  test('a frame says what it was, what it is, and how sure that is', async () => {
    await compared();
    await page.getByRole('application', { name: /Differential flame graph/ }).focus();
    await press('ArrowDown', 'ArrowDown');
    await expect
      .poll(spoken, PATIENT)
      .toMatch(/Before: [\d.]+ % of all samples.*After: .*Change: [+−][\d.]+ points.*Chance: /);
  });

  test('a function is found from the table, and narrowed to', async () => {
    await compared();
    await page.getByRole('tab', { name: 'Functions' }).click();
    await page.getByRole('row').filter({ hasText: 'crc16' }).click();
    await press('Enter');
    await page.getByRole('application', { name: /Differential flame graph/ }).waitFor(PATIENT);
    expect(await page.getByRole('searchbox').inputValue()).toBe('^crc16$');
    await expect.poll(() => page.locator('.flame-search-result').innerText(), PATIENT).toContain('%');
    // What was looked for is there again after a look elsewhere.
    await page.getByRole('tab', { name: 'Device' }).click();
    await page.getByRole('tab', { name: 'Flame graph' }).click();
    expect(await page.getByRole('searchbox').inputValue()).toBe('^crc16$');
  });

  test('100 % may be the time of one CPU or a function', async () => {
    await compared();
    await page.getByRole('radio', { name: 'One CPU' }).click();
    await page.getByRole('application', { name: /of one CPU/ }).waitFor(PATIENT);
    await page.getByRole('radio', { name: 'One function' }).click();
    await page.getByText(/Choose a function that has samples on both sides/).waitFor(PATIENT);
    await page.getByRole('combobox', { name: 'Function' }).click();
    await page.getByRole('option', { name: /mosquitto_main_loop/ }).click();
    await page.getByRole('application', { name: /of the chosen function/ }).waitFor(PATIENT);
  });

  test('another part of one side', async () => {
    await compared();
    await page.getByRole('button', { name: /^Before gateway/ }).click();
    await page.getByRole('spinbutton', { name: 'From' }).fill('90');
    await page.getByRole('spinbutton', { name: 'to' }).fill('80');
    expect(await page.getByRole('button', { name: 'Compare this part' }).isDisabled()).toBe(true);
    await page.getByRole('spinbutton', { name: 'to' }).fill('100');
    await press('Enter');
    await expect.poll(() => side('Before'), PATIENT).toContain('12:01:30.000, 10 s');
  });

  test('reading is given up, and the session is there', async () => {
    await screens.show('compare-opening');
    await page.getByRole('heading', { name: /^Reading gateway-7/ }).waitFor(PATIENT);
    await press('Enter');
    await page.getByRole('tab', { name: 'CPU profile' }).waitFor(PATIENT);
    expect(await screens.asked('close-session')).toMatchObject([{ args: ['recording-1'] }]);
  });
});
