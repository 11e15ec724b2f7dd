/** From when to when each probe was on, and why it ended. */
import {
  findProbe,
  type MonotonicNs,
  type ProbeSignal,
  type Signal,
  type Stretch,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import type { ProbeRun } from '../../bridge/contract.ts';

export class ProbeRuns {
  private readonly ended: ProbeRun[] = [];
  private running = new Map<string, { readonly fromNs: MonotonicNs; readonly options: string }>();
  private lastNs = 0;
  /** From the first window of each probe to the last. */
  private readonly seen = new Map<string, Stretch>();

  take(signal: Signal): void {
    if (signal.kind === 'device') this.endAll('the agent ended');
    if (signal.kind === 'window') this.window(signal);
    if (signal.kind === 'probe') this.event(signal);
  }

  /** In the order in which they began. */
  finish(): ProbeRun[] {
    this.endAll('');
    return [...this.ended, ...this.untold()].toSorted((a, b) => a.fromNs - b.fromNs);
  }

  private window({ probe, fromNs, toNs }: WindowSignal): void {
    this.lastNs = Math.max(this.lastNs, toNs);
    this.seen.set(probe, { fromNs: this.seen.get(probe)?.fromNs ?? fromNs, toNs });
  }

  /** Of which nobody said that they began: what was kept of a session may begin later than they did. */
  private untold(): ProbeRun[] {
    const told = new Set(this.ended.map(({ probe }) => probe));
    return [...this.seen].flatMap(([probe, stretch]) =>
      told.has(probe) ? [] : [{ probe, ...stretch, options: '', end: '', failed: false }],
    );
  }

  private event({ probe, atNs, what }: ProbeSignal): void {
    this.lastNs = Math.max(this.lastNs, atNs);
    switch (what.kind) {
      case 'started':
        this.end(probe, atNs, 'started again', false);
        this.running.set(probe, { fromNs: atNs, options: optionsText(probe, what.options) });
        return;
      case 'stopped':
        return this.end(probe, atNs, what.reason, false);
      case 'failed':
        if (!this.running.has(probe)) this.running.set(probe, { fromNs: atNs, options: '' });
        return this.end(probe, atNs, what.fault.message, true);
      case 'restarted':
        return; // it goes on
    }
  }

  private end(probe: string, toNs: MonotonicNs, end: string, failed: boolean): void {
    const run = this.running.get(probe);
    if (!run) return;
    this.running.delete(probe);
    this.ended.push({ probe, ...run, toNs: Math.max(toNs, run.fromNs), end, failed });
  }

  private endAll(end: string): void {
    for (const probe of this.running.keys()) this.end(probe, this.lastNs, end, false);
  }
}

/** "Rate 99 Hz, Process 4711": as the manifest words them. */
function optionsText(probe: string, options: Readonly<Record<string, string>>): string {
  const specs = findProbe(probe)?.options ?? [];
  return Object.entries(options)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => {
      const spec = specs.find((each) => each.name === name);
      const unit = spec?.kind === 'integer' && spec.unit ? ` ${spec.unit}` : '';
      return `${spec?.label ?? name} ${value}${unit}`;
    })
    .join(', ');
}
