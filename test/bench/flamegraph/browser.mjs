// A bare window of the application's own runtime, on a display that is there or on one made for the run.
import { _electron } from 'playwright-core';
import { openDisplay } from '../../../build/display.mjs';
import { ensureElectron } from '../../../build/electron-runtime.mjs';

export async function openWindow({ log = () => {} } = {}) {
  const executablePath = await ensureElectron({ log });
  const display = await openDisplay('1600x1000x24');
  const app = await _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), 'test/bench/flamegraph/window.mjs'],
    env: { ...process.env, DISPLAY: display.name },
  });
  return {
    page: await app.firstWindow(),
    pid: app.process().pid,
    async close() {
      await app.close();
      display.close();
    },
  };
}
