/** The World of a real process. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findAskpass } from './askpass.ts';
import { openTerminal } from './controlling-terminal.ts';
import { ROOMS } from './rooms.ts';
import type { World } from './world.ts';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A pseudo-terminal nobody has sized says 0. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

export function realWorld(): World {
  const terminal = openTerminal();
  return {
    stdout: {
      isTerminal: process.stdout.isTTY,
      get columns() {
        return process.stdout.columns || DEFAULT_COLUMNS;
      },
      get rows() {
        return process.stdout.rows || DEFAULT_ROWS;
      },
      write: writeOut,
    },
    stderr: {
      isTerminal: process.stderr.isTTY,
      get columns() {
        return process.stderr.columns || DEFAULT_COLUMNS;
      },
      write: (text) => void process.stderr.write(text),
    },
    terminal,
    askpass: findAskpass(process.env, terminal !== null),
    onInterrupt: (listener) => {
      for (const signal of INTERRUPTS) process.on(signal, listener);
      return () => INTERRUPTS.forEach((signal) => process.off(signal, listener));
    },
    exit: (code) => process.exit(code),
    now: () => performance.now(),
    after: (ms, action) => {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    cwd: process.cwd(),
    // Beside the bundle: out/cli/sonde.mjs and out/device.
    artifactsDir: fileURLToPath(new URL('../device', import.meta.url)),
    rooms: ROOMS,
  };
}

async function writeOut(piece: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}
