/** Windows that wait to be sent as one, because the governor asked for fewer of them. At most one per probe. */
import { mergeWindows, type ProbeManifest } from '../protocol/index.ts';
import type { Window } from '../protocol/generated/sonde_pb.ts';

export class HeldWindows {
  private readonly held = new Map<string, { window: Window; sinceMs: number }>();

  /** The window to send now, or null while it waits for more. */
  add(manifest: ProbeManifest, window: Window, holdMs: number, nowMs: number): Window | null {
    const old = this.held.get(manifest.id);
    const merged = old ? mergeWindows(manifest, old.window, window) : window;
    const sinceMs = old?.sinceMs ?? nowMs;
    // Windows come about once a second: one that would be due before the next comes is due now.
    const isDue = nowMs - sinceMs + 500 >= holdMs - 1000;
    if (holdMs > 0 && !isDue) {
      this.held.set(manifest.id, { window: merged, sinceMs });
      return null;
    }
    this.held.delete(manifest.id);
    return merged;
  }

  /** What waits for this probe, now. */
  take(probe: string): Window | null {
    const window = this.held.get(probe)?.window ?? null;
    this.held.delete(probe);
    return window;
  }
}
