import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import type { StoreSnapshot } from '../../store/index.ts';

/** What the device told of itself at a moment: a probe began or ended, the agent said something. */
export interface Happening {
  readonly atNs: number;
  readonly kind: 'good' | 'note' | 'bad';
  readonly text: string;
}

/** In the order of time. */
export function happeningsOf({ probes, notes }: Pick<StoreSnapshot, 'probes' | 'notes'>): readonly Happening[] {
  const ofProbes = [...probes.values()].flatMap(({ events }) => events.map(ofProbe));
  const ofAgent = notes.map(({ atNs, text }): Happening => ({ atNs, kind: 'note', text }));
  return [...ofProbes, ...ofAgent].toSorted((a, b) => a.atNs - b.atNs);
}

function ofProbe({ probe, atNs, what }: ProbeSignal): Happening {
  const title = findProbe(probe)?.title ?? probe;
  switch (what.kind) {
    case 'started':
      return { atNs, kind: 'good', text: `${title} started` };
    case 'stopped':
      return { atNs, kind: 'note', text: because(`${title} stopped`, what.reason) };
    case 'restarted':
      return { atNs, kind: 'note', text: because(`${title} started again`, what.reason) };
    case 'failed':
      return { atNs, kind: 'bad', text: because(`${title} failed`, what.fault.message) };
  }
}

function because(text: string, reason: string): string {
  return reason === '' ? text : `${text}: ${reason}`;
}

/** Whether a probe was running then, as far as it was told. null = nothing was. */
export function wasRunning(events: readonly ProbeSignal[], atNs: number): boolean | null {
  const before = events.findLast((event) => event.atNs <= atNs);
  if (!before) return events.length > 0 ? false : null;
  return before.what.kind === 'started' || before.what.kind === 'restarted';
}
