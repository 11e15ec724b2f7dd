// A bare window of the application's own runtime, on a display that is there or on one made for the run.
import { spawn } from 'node:child_process';
import { _electron } from 'playwright-core';
import { ensureElectron } from '../../../build/electron-runtime.mjs';

export async function openWindow({ log = () => {} } = {}) {
  const executablePath = await ensureElectron({ log });
  const display = process.env.DISPLAY ? { name: process.env.DISPLAY, close() {} } : await openDisplay();
  const app = await _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), 'test/bench/flamegraph/window.mjs'],
    env: { ...process.env, DISPLAY: display.name },
  });
  return {
    page: await app.firstWindow(),
    async close() {
      await app.close();
      display.close();
    },
  };
}

async function openDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    server.once('error', () => reject(new Error('cannot start Xvfb: apt-get install xvfb')));
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
  });
  return { name: `:${number}`, close: () => server.kill() };
}
