// The time axis, and samples within each second.
import type { Page } from 'playwright-core';
import { type Act, type Acts, drag, still } from './act.ts';

/** Samples within each second, then more. */
const heat = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'Heat map' }).click();
    await then(page);
  },
});

/** The time axis with all its tracks, then more. */
const axis = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('button', { name: 'All tracks' }).click();
    await then(page);
  },
});

export const AXIS: Acts = {
  'axis-full': axis('live'),
  'axis-readout': axis('live-losing', async (page) => page.locator('.brush').hover({ position: { x: 330, y: 40 } })),
  'axis-several': axis('live', async (page) => {
    await drag(page, '.brush', [0.1, 0.3], [0.25, 0.5]);
    await page.keyboard.down('Control');
    await drag(page, '.brush', [0.5, 0.3], [0.6, 0.5]);
    await page.keyboard.up('Control');
    await page.mouse.move(500, 500);
  }),
  'axis-marked': axis('replay-marked', async (page) => {
    await page.locator('.brush').click({ position: { x: 300, y: 50 } });
    await page
      .getByRole('button', { name: 'Marks and events' })
      .or(page.locator('.axis-tools .popover > button'))
      .first()
      .click();
  }),
  'axis-editor': axis('replay-marked', async (page) => {
    await page.getByRole('button', { name: /Mark at .*broker/ }).click();
  }),
  'axis-zoomed': axis('replay-marked', async (page) => {
    await page.locator('.brush').hover({ position: { x: 350, y: 50 } });
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -200);
    await drag(page, '.brush', [0.4, 0.5], [0.5, 0.5]);
    await page.mouse.move(500, 500);
  }),
  'axis-seconds': axis('replay-marked', async (page) => {
    await page.getByRole('button', { name: 'Show seconds since the start' }).click();
  }),
  'live-heat': heat('live'),
  'heat-losing': heat('live-losing'),
  'heat-old': heat('replay-profile-old'),
  'heat-idle': heat('live', async (page) => {
    await page.getByRole('combobox', { name: 'CPU' }).fill('3');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Process' }).fill('modbusd');
    await page.keyboard.press('Enter');
  }),
  'live-heat-selected': heat('live', async (page) => {
    await drag(page, '.subsecond-plot', [0.3, 0.3], [0.33, 0.7]);
    await page.keyboard.down('Control');
    await drag(page, '.subsecond-plot', [0.62, 0.6], [0.62, 0.4]);
    await page.keyboard.up('Control');
    await page.getByText('2 ranges selected').waitFor();
  }),
  'live-heat-young': heat('live-young', async (page) => {
    await page.getByRole('application', { name: /part of the second/ }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
  }),
  'replay-heat': heat('replay', async (page) => page.getByRole('combobox', { name: 'CPU' }).click()),
};
