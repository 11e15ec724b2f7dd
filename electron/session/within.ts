/** Waiting with an end. */
import type { Clock } from './deps.ts';

/** Settles when `work` does, however it ends, or after `ms`: for goodbyes, which the other side may be unable to answer. */
export function within(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    void work.catch(() => undefined).finally(done);
  });
}
