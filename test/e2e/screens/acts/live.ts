// A live session, and how it ends.
import type { Page } from 'playwright-core';
import { type Acts, drag, look, open } from './act.ts';

function dropped(page: Page) {
  return page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'other.mcap'));
    return transfer;
  });
}

export const LIVE: Acts = {
  'live-waiting': look('live-waiting'),
  live: look('live'),
  'live-young': look('live-young'),
  'live-losing': look('live-losing'),
  'live-loss': open('live-losing', /lost/),
  'live-cost': open('live', /Observer/),
  'live-link': open('live', /^Live/),
  'live-paused': {
    screen: 'live',
    act: async (page) => {
      await page.mouse.click(5, 5);
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  'live-brushed': {
    screen: 'live',
    act: async (page) => {
      await drag(page, '.brush', [0.3, 0.3], [0.55, 0.5]);
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  'live-functions': {
    screen: 'live',
    act: async (page) => {
      await page.getByRole('tab', { name: 'Functions' }).click();
      await page.getByRole('row').filter({ hasText: 'crc16' }).click();
    },
  },
  'live-leave': {
    screen: 'live',
    act: async (page) => {
      await page.locator('.app').dispatchEvent('drop', { dataTransfer: await dropped(page) });
      await page.getByRole('dialog').waitFor();
    },
  },
  crashed: look('crashed'),
  reconnecting: look('reconnecting'),
  ended: look('ended'),
  disconnected: look('disconnected'),
  'probe-failed': look('probe-failed'),
  'recording-failed': look('recording-failed'),
};
