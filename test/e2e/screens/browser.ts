import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { firstWindow, launchElectron } from '../launch.ts';
import { openDisplay } from '../xvfb.ts';

export interface TestWindow {
  readonly page: Page;
  close(): Promise<void>;
}

/** A page in the runtime that ships, not in whatever browser a machine has. */
export async function openTestWindow(): Promise<TestWindow> {
  const display = await openDisplay('1600x1000x24');
  const executablePath = createRequire(import.meta.url)('electron') as string;
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await launchElectron({
    executablePath,
    args: [...asRoot, 'test/e2e/screens/window.mjs'],
    // Electron's advice about the empty page it begins with may come late, and is none about ours.
    env: {
      ...process.env,
      DISPLAY: display.name,
      ELECTRON_DISABLE_SECURITY_WARNINGS: '1',
    } as Record<string, string>,
  });
  return {
    page: await firstWindow(app),
    close: async () => {
      await app.close();
      display.close();
    },
  };
}
