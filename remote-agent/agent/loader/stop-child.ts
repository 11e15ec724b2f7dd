/**
 * Ends a child in stages: close its stdin (the loader then drains what is left and goes), SIGTERM, SIGKILL. Resolves
 * when it is gone, after 7 s at the latest; not even SIGKILL ends a process that hangs in the kernel, and then we go on.
 */
import type { ChildProcess } from 'node:child_process';

/** The loader gives itself 3 s for the last drain. */
const STDIN_MS = 4000;
const TERM_MS = 2000;
const KILL_MS = 1000;

export async function stopChild(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  if (await within(STDIN_MS, ended)) return;
  child.kill('SIGTERM');
  if (await within(TERM_MS, ended)) return;
  child.kill('SIGKILL');
  await within(KILL_MS, ended);
}

async function within(ms: number, ended: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const result = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
