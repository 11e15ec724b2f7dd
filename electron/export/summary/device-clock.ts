/** How well the device's own clock is known, and whether it went on evenly. */
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { durationText } from './summary-words.ts';

/** Clocks of cheap boards drift by as much in a day; somebody who sets a clock moves it further. */
const STEP_MS = 500;
const NS_PER_MS = 1e6;

export class DeviceClock {
  /** Wall clock minus monotonic, as it was told first, and last. */
  private offsetMs: number | null = null;
  private lastOffsetMs = 0;
  private stepMs = 0;
  private uncertaintyNs: number | null = null;
  private first: { readonly monotonicNs: number; readonly realtimeMs: number } | null = null;

  take(signal: Signal): void {
    if (signal.kind === 'device') this.offsetMs = null; // another boot counts from another moment
    if (signal.kind !== 'clock') return;
    const { monotonicNs, realtimeMs, uncertaintyNs } = signal;
    const offsetMs = realtimeMs - monotonicNs / NS_PER_MS;
    if (this.offsetMs !== null && Math.abs(offsetMs - this.lastOffsetMs) >= STEP_MS)
      this.stepMs += offsetMs - this.lastOffsetMs;
    this.offsetMs ??= offsetMs;
    this.lastOffsetMs = offsetMs;
    this.first ??= { monotonicNs, realtimeMs };
    this.uncertaintyNs = Math.max(this.uncertaintyNs ?? 0, uncertaintyNs);
  }

  /** `anchor`: the same moment on the device's monotonic clock and the workstation's. '' where nothing is known. */
  text(anchor: { readonly deviceMonotonicNs: number; readonly workstationMs: number } | null): string {
    const { first, uncertaintyNs } = this;
    if (!first || uncertaintyNs === null) return '';
    return [...(anchor ? [behind(first, anchor)] : []), known(uncertaintyNs), ...this.steps()].join('; ');
  }

  private steps(): string[] {
    if (this.stepMs === 0) return [];
    return [
      `it was set ${this.stepMs > 0 ? 'forward' : 'back'} by ${span(this.stepMs)} meanwhile: times here are even`,
    ];
  }
}

function behind(
  { monotonicNs, realtimeMs }: { readonly monotonicNs: number; readonly realtimeMs: number },
  anchor: { readonly deviceMonotonicNs: number; readonly workstationMs: number },
): string {
  const aheadMs = realtimeMs - (anchor.workstationMs + (monotonicNs - anchor.deviceMonotonicNs) / NS_PER_MS);
  if (Math.abs(aheadMs) < STEP_MS) return 'as the clock of the workstation that recorded it';
  return `${span(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the workstation that recorded it`;
}

function known(uncertaintyNs: number): string {
  return uncertaintyNs === 0 ? 'exactly known' : `known to ${durationText(uncertaintyNs)}`;
}

function span(ms: number): string {
  const days = Math.abs(ms) / 86_400_000;
  return days >= 2 ? `${Math.round(days)} days` : durationText(Math.abs(ms) * NS_PER_MS);
}
