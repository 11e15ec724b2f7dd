/** The agent's log: stderr, which `loader daemon` has joined to a file in the run directory. Bounded: disks are small. */
import { writeSync } from 'node:fs';

const MAX_LOG_BYTES = 256 << 10;
const STDERR = 2;

let written = 0;

export function log(words: string): void {
  const line = Buffer.from(`${new Date().toISOString()} ${words.trimEnd()}\n`);
  if (written > MAX_LOG_BYTES) return;
  written += line.length;
  const last = written > MAX_LOG_BYTES ? Buffer.from('the log is full; nothing more is written\n') : null;
  try {
    writeSync(STDERR, line);
    if (last) writeSync(STDERR, last);
  } catch {
    // A full disk or a closed terminal must not end the agent.
  }
}
