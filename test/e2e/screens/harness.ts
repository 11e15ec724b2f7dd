/** The made-up window for tests that press keys and look: opened once, shown one screen after the other. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, vi } from 'vitest';
import { openTestWindow } from './browser.ts';
import type { TestWindow } from './browser.ts';
import { serveScreens } from './site.ts';
import type { Site } from './site.ts';

vi.mock('electron', () => ({ protocol: {} }));

/** A busy machine draws late. */
export const PATIENT = { timeout: 120_000 };

/** Opens the window before the tests of a file and closes it behind them. `name`: of the file, for its own bundle. */
export function useScreens(name: string) {
  let site: Site;
  let window: TestWindow;
  beforeAll(async () => {
    const { CONTENT_SECURITY_POLICY } = await import('../../../electron/shell/app-protocol.ts');
    site = await serveScreens(`out/screens/${name}-site`, CONTENT_SECURITY_POLICY);
    window = await openTestWindow();
  });
  afterAll(async () => {
    await window?.close();
    await site?.close();
  });
  return {
    get page(): Page {
      return window.page;
    },
    /** Of states/. */
    async show(screen: string): Promise<void> {
      await window.page.goto(`${site.url}?screen=${screen}`);
      await window.page.waitForSelector('html[data-ready]');
    },
    press: (...keys: readonly string[]): Promise<void> =>
      keys.reduce((before, key) => before.then(() => window.page.keyboard.press(key)), Promise.resolve()),
    /** What was asked of the first session's source. */
    source: () => window.page.evaluate(() => globalThis.window.stage?.desk.sources[0]),
    /** What was asked of the program by that name. */
    asked: (request: string) =>
      window.page.evaluate(
        (wanted) => globalThis.window.stage?.desk.asked.filter(({ name: each }) => each === wanted),
        request,
      ),
    selection: () =>
      window.page.evaluate(() => {
        const screen = globalThis.window.stage?.controller.state.getState().screen;
        return screen?.kind === 'session' ? screen.session.state.getState().selection : null;
      }),
    shownTab: () => window.page.getByRole('tab', { selected: true }).first().innerText(),
    async drag(selector: string, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
      const box = await window.page.locator(selector).boundingBox();
      if (!box) throw new Error(`no ${selector}`);
      await window.page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
      await window.page.mouse.down();
      await window.page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 4 });
      await window.page.mouse.up();
    },
  };
}
