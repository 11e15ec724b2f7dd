import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';

/** Probes with a tab of their own. The others are shown within the view of one of these. */
export const TABBED_PROBES: readonly ProbeManifest[] = PROBES.filter(({ display }) => display.view !== 'events');

/** The probe that shows one by one what this one counts; null = there is none. */
export function eventsWithin(probe: string): ProbeManifest | null {
  return PROBES.find(({ display }) => display.view === 'events' && display.within === probe) ?? null;
}
