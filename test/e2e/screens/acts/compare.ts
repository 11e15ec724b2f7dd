// Two sides.
import type { Page } from 'playwright-core';
import { type Act, type Acts, look, open, within } from './act.ts';

/** Two sides, then more. */
const compare = (then: (page: Page) => Promise<void>): Act => ({
  screen: 'compare',
  act: async (page) => {
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    await then(page);
  },
});

export const COMPARE: Acts = {
  'compare-menu': open('replay', /^Compare/),
  'compare-within': {
    screen: 'replay',
    act: async (page) => {
      await page.getByRole('button', { name: /^Compare/ }).click();
      await page.getByRole('button', { name: /^First half/ }).click();
      await page.getByRole('heading', { name: 'Compare' }).waitFor();
    },
  },
  'compare-opening': look('compare-opening'),
  'compare-other': look('compare-other'),
  compare: compare(async (page) => {
    const picture = page.getByRole('application', { name: /Differential/ });
    await picture.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await picture.hover({ position: { x: 300, y: 70 } });
  }),
  'compare-both': compare(async (page) => {
    await page.getByRole('radio', { name: 'Both' }).click();
    await page.getByRole('radio', { name: 'One CPU' }).click();
    await page.getByRole('searchbox').fill('crc');
  }),
  'compare-one-function': compare(async (page) => {
    await page.getByRole('radio', { name: 'One function' }).click();
    await page.getByRole('combobox', { name: 'Function' }).click();
  }),
  'compare-functions': compare(
    within('Functions', async (page) => page.getByRole('row').filter({ hasText: 'crc16' }).click()),
  ),
  'compare-calls': compare(
    within('System calls', async (page) => page.getByRole('row').filter({ hasText: 'mosquitto' }).first().click()),
  ),
  'compare-part': compare(async (page) => {
    await page.getByRole('button', { name: /^Before gateway/ }).click();
    await page.getByRole('spinbutton', { name: 'to' }).fill('900');
  }),
  'compare-network': compare(within('Network')),
  'compare-device': compare(within('Device')),
};
