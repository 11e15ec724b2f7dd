import type { FrameClock } from './publisher.ts';

/** The browser's own frames. One asked for just before the window was hidden comes only when it is shown again: hence onVisibility. */
export function browserFrameClock(): FrameClock {
  return {
    nowMs: () => performance.now(),
    hidden: () => document.hidden,
    request(callback) {
      const handle = requestAnimationFrame(callback);
      return () => cancelAnimationFrame(handle);
    },
    onVisibility(callback) {
      const listener = () => callback();
      document.addEventListener('visibilitychange', listener);
      return () => document.removeEventListener('visibilitychange', listener);
    },
  };
}
