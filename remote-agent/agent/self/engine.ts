/**
 * V8 flags that are set once everything of Node that we need is loaded. On the command line they would make Node compile
 * its own modules anew instead of taking the code it brings: 65 ms of a small board's start.
 *   --no-opt                       no optimizing compiler: its code is never paged in (−3.5 MB), it needs no working
 *                                  memory (−3 MB), and compiling costs more than it saves an agent that mostly waits;
 *                                  one with rows by the thousand gets it (governor.ts): they then cost a sixth
 *   --max-lazy                     less compiled that runs once
 *   --semi-space-growth-factor=1   the young generation stays at 1 MB instead of growing to 16
 *   --expose-gc                    the agent collects when it is idle: heap.ts
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const FLAGS = ['--no-opt', '--max-lazy', '--semi-space-growth-factor=1', '--expose-gc'];

export function tuneEngine(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
  // Only contexts that are made after the flag have the function.
  globalThis.gc = runInNewContext('gc') as typeof globalThis.gc;
}

/** From now on what is hot is optimized. */
export function optimizeEngine(): void {
  setFlagsFromString('--opt');
}
