/** A virtual display of its own for a window, where no display is there. Shared by the demo, the tests and the benchmarks. */
import { spawn } from 'node:child_process';

/** A busy machine starts Xvfb in a second; this is for one that does not start it at all. */
const START_MS = 15_000;

/**
 * The display that is there already, or a new Xvfb that picks a free number itself. `close` is idempotent.
 * @param {string} [size] width x height x depth
 * @returns {Promise<{ name: string, close: () => void }>} name: ":97"
 */
export async function openDisplay(size = '1440x900x24') {
  const present = process.env.DISPLAY;
  if (present) return { name: present, close: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const close = () => void server.kill();
  try {
    return { name: `:${await displayNumber(server)}`, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** @param {import('node:child_process').ChildProcess} server */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Xvfb named no display in time')), START_MS);
    server.once('error', () => reject(new Error('cannot start Xvfb: apt-get install xvfb')));
    server.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
    server.stdio[3]?.once('data', (number) => {
      clearTimeout(timer);
      resolve(number.toString().trim());
    });
  });
}
