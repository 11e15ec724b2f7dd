/** Starts Electron for a test, also on a machine that is busy with other tests. */
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

/** On a busy machine its debugger is sometimes answered too late, and then never. */
const MOST_STARTS = 4;
const START_MS = 40_000;
/** A busy machine opens the window in some seconds, and draws late. */
const PATIENCE_MS = 120_000;

type Options = NonNullable<Parameters<typeof _electron.launch>[0]>;

/** Rejects with what the last of several starts said. */
export async function launchElectron(options: Options): Promise<ElectronApplication> {
  const start = () => _electron.launch({ ...options, timeout: START_MS });
  for (let tries = 1; tries < MOST_STARTS; tries++) {
    const app = await start().catch(() => null);
    if (app) return app;
  }
  return start();
}

/** The first window, which waits patiently for whatever is asked of it. */
export async function firstWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow({ timeout: PATIENCE_MS });
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}
