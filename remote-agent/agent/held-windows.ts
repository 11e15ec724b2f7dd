/** Windows that wait to be sent as one, because the governor asked for fewer of them. At most one per probe. */
import type { WindowSum } from '../protocol/index.ts';

export class HeldWindows {
  private readonly held = new Map<string, { window: WindowSum; sinceMs: number }>();

  /** The window to send now, or null while it waits for more. */
  add(window: WindowSum, holdMs: number, nowMs: number): WindowSum | null {
    const probe = window.manifest.id;
    const { window: sum = window, sinceMs = nowMs } = this.held.get(probe) ?? {};
    if (sum !== window) {
      sum.add(window);
      window.release();
    }
    // Windows come about once a second: one that would be due before the next comes is due now.
    const isDue = nowMs - sinceMs + 500 >= holdMs - 1000;
    if (holdMs > 0 && !isDue) {
      this.held.set(probe, { window: sum, sinceMs });
      return null;
    }
    this.held.delete(probe);
    return sum;
  }

  /** What waits for this probe, now. */
  take(probe: string): WindowSum | null {
    const window = this.held.get(probe)?.window ?? null;
    this.held.delete(probe);
    return window;
  }
}
