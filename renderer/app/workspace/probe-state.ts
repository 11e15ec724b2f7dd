import type { ProbeChoice } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import type { StoreSnapshot } from '../../store/index.ts';

export type ProbeState =
  /** Nobody has said anything of it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'running'; readonly options: Readonly<Record<string, string>> }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** What the newest event means; a restart goes on with the options of the start. */
export function probeState(events: readonly ProbeSignal[]): ProbeState {
  const last = events.at(-1)?.what;
  switch (last?.kind) {
    case undefined:
      return { kind: 'unknown' };
    case 'started':
    case 'restarted':
      return { kind: 'running', options: lastOptions(events) };
    case 'stopped':
      return { kind: 'stopped', reason: last.reason };
    case 'failed':
      return { kind: 'failed', fault: last.fault };
  }
}

/** Of the newest start, whatever became of it. */
export function lastOptions(events: readonly ProbeSignal[]): Readonly<Record<string, string>> {
  const started = events.findLast(({ what }) => what.kind === 'started')?.what;
  return started?.kind === 'started' ? started.options : {};
}

/** What runs now, as it was started. */
export function runningChoices({ probes }: Pick<StoreSnapshot, 'probes'>): readonly ProbeChoice[] {
  return [...probes].flatMap(([probe, { events }]) => {
    const state = probeState(events);
    if (state.kind !== 'running') return [];
    const said = Object.entries(state.options).filter(([, value]) => value !== '');
    return [{ probe, options: Object.fromEntries(said) }];
  });
}

/** "Rate 99 Hz · Process 4711": options as the manifest words them. */
export function optionFacts(manifest: ProbeManifest, options: Readonly<Record<string, string>>): string {
  return manifest.options
    .flatMap((spec) => {
      const value = options[spec.name];
      if (value === undefined || value === '') return [];
      return [`${spec.label} ${value}${spec.kind === 'integer' && spec.unit !== undefined ? ` ${spec.unit}` : ''}`];
    })
    .join(' · ');
}
