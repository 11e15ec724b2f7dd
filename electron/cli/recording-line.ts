/** How far a recording is: what the person at the terminal sees while it goes on. */
import { findProbe, type Signal } from '../../remote-agent/protocol/index.ts';
import type { LiveView } from './follow-session.ts';
import { bytesText, clockText } from './quantities.ts';

export class RecordingLine {
  private readonly durationMs: number | null;
  /** By what is counted: "samples", "calls"; dropped packets are others than those that went through. */
  private readonly kept = new Map<string, number>();
  private lost = 0;

  constructor(durationMs: number | null) {
    this.durationMs = durationMs;
  }

  take(signals: readonly Signal[]): void {
    for (const signal of signals) {
      if (signal.kind !== 'window') continue;
      const { view, unit } = findProbe(signal.probe)?.display ?? { view: 'events', unit: 'rows' };
      const counted = view === 'drops' ? `dropped ${unit}` : unit;
      this.kept.set(counted, (this.kept.get(counted) ?? 0) + signal.counters.kept);
      for (const { count } of signal.counters.lost) this.lost += count;
    }
  }

  text({ recording: { seconds, bytes, fault } }: LiveView): string {
    const whole = this.durationMs === null ? '' : ` of ${clockText(this.durationMs / 1000)}`;
    return [
      `recording ${clockText(seconds)}${whole}`,
      ...(this.kept.size === 0 ? ['no data yet'] : [...this.kept].map(([unit, count]) => `${count} ${unit}`)),
      ...(this.lost > 0 ? [`${this.lost} lost`] : []),
      `${fault ? 'NOT RECORDING' : bytesText(bytes)}${this.durationMs === null ? ' (Ctrl-C to stop)' : ''}`,
    ].join(', ');
  }
}
