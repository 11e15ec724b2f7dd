// Which screens are looked at, and what is done on them first.
import type { Page } from 'playwright-core';

interface Act {
  /** Of screens.ts. */
  readonly screen: string;
  readonly act: (page: Page) => Promise<void>;
}

const still = async () => {};
const look = (screen: string): Act => ({ screen, act: still });
const open = (screen: string, button: RegExp): Act => ({
  screen,
  act: async (page) => page.getByRole('button', { name: button }).click(),
});

export const ACTS: Readonly<Record<string, Act>> = {
  'start-first': look('start-first'),
  'start-recent': look('start-recent'),
  'start-fault': look('start-fault'),
  'start-options': {
    screen: 'start-recent',
    act: async (page) => {
      await page.getByText('CPU profile options').click();
      await page.getByRole('textbox', { name: 'Device' }).fill('mara@gateway 7');
      await page.getByRole('textbox', { name: /^Rate/ }).fill('20000');
      await page.getByRole('button', { name: 'Choose a key file' }).click();
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
  },
  connecting: look('connecting'),
  'host-key': look('host-key'),
  secret: look('secret'),
  'connect-failed': open('connect-failed', /^Copy/),
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
      const box = await page.locator('.brush').boundingBox();
      if (!box) throw new Error('no brush');
      await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.55, box.y + 30, { steps: 4 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    },
  },
  'live-leave': {
    screen: 'live',
    act: async (page) => {
      await page.locator('.app').dispatchEvent('drop', { dataTransfer: await dropped(page) });
      await page.getByRole('dialog').waitFor();
    },
  },
  reconnecting: look('reconnecting'),
  ended: look('ended'),
  disconnected: look('disconnected'),
  'probe-failed': look('probe-failed'),
  'recording-failed': look('recording-failed'),
  replay: look('replay'),
  'replay-reading': look('replay-reading'),
  'replay-export': open('replay', /Export/),
  exported: look('exported'),
};

function dropped(page: Page) {
  return page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'other.mcap'));
    return transfer;
  });
}
