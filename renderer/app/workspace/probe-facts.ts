import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';

/** "Rate 99 Hz · Process 4711": how the probe was last started, in its manifest's words. '' where nobody has said. */
export function probeFacts(events: readonly ProbeSignal[]): string {
  const started = events.findLast(({ what }) => what.kind === 'started');
  const manifest = started && findProbe(started.probe);
  if (started?.what.kind !== 'started' || !manifest) return '';
  const { options } = started.what;
  return manifest.options
    .flatMap((spec) => {
      const value = options[spec.name];
      if (value === undefined || value === '') return [];
      return [`${spec.label} ${value}${spec.kind === 'integer' && spec.unit !== undefined ? ` ${spec.unit}` : ''}`];
    })
    .join(' · ');
}
