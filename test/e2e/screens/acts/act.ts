// What is done on a screen before it is looked at.
import type { Page } from 'playwright-core';

export interface Act {
  /** Of states/. */
  readonly screen: string;
  readonly act: (page: Page) => Promise<void>;
}

export type Acts = Readonly<Record<string, Act>>;

export const still = async () => {};

export const look = (screen: string): Act => ({ screen, act: still });

export const open = (screen: string, button: RegExp): Act => ({
  screen,
  act: async (page) => page.getByRole('button', { name: button }).click(),
});

/** The view of system calls, then more. */
export const calls = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'System calls' }).click();
    await then(page);
  },
});

export const within =
  (tab: string, then: (page: Page) => Promise<void> = still) =>
  async (page: Page) => {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await then(page);
  };

/** Points as shares of the element's width and height. */
export async function drag(
  page: Page,
  selector: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`no ${selector}`);
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 4 });
  await page.mouse.up();
}
