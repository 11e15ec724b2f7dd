import type { Display, ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';

/** Kinds of views in the order of their tabs; what is not here is shown within the view of another probe. */
const ORDER: readonly Display['view'][] = ['flamegraph', 'calls', 'flows'];

/** Probes with a tab of their own. */
export const TABBED_PROBES: readonly ProbeManifest[] = ORDER.flatMap((view) =>
  PROBES.filter(({ display }) => display.view === view),
);

/** The probes that are shown within the view of this one. */
export function probesWithin(probe: string): readonly ProbeManifest[] {
  return PROBES.filter(({ display }) => 'within' in display && display.within === probe);
}
