/** Which probes `sonde top` can watch, and how. */
import { type ProbeManifest, raise } from '../../remote-agent/protocol/index.ts';
import { callsView } from './top-calls.ts';
import { flowsView } from './top-flows.ts';
import { profileView } from './top-profile.ts';
import type { TopOptions, TopView } from './top-view.ts';

const VIEWS: Readonly<Partial<Record<ProbeManifest['display']['view'], TopView>>> = {
  calls: callsView,
  flamegraph: profileView,
  flows: flowsView,
};

const ALL = Object.values(VIEWS);
export const GROUPINGS: readonly string[] = [...new Set(ALL.flatMap(({ groupings }) => groupings))];
export const SORTS: readonly string[] = [...new Set(ALL.flatMap(({ sorts }) => sorts))];

export function viewOf(probe: ProbeManifest): TopView {
  return (
    VIEWS[probe.display.view] ??
    raise('bad-option', `cannot watch ${probe.id} as a table`, 'Record it, and export it: see sonde help export.')
  );
}

/** Where nothing was asked for, a view's first. Refuses what the probe's windows do not have. */
export function topOptions(
  probe: ProbeManifest,
  by: string | null,
  sort: string | null,
  includeOwn: boolean,
): TopOptions {
  const { groupings, sorts, hasOwn } = viewOf(probe);
  if (by !== null && !groupings.includes(by))
    raise('config-invalid', `cannot group ${probe.id} by ${by}`, `There is --by ${groupings.join(', ')}.`);
  if (sort !== null && !sorts.includes(sort))
    raise('config-invalid', `cannot sort ${probe.id} by ${sort}`, `There is --sort ${sorts.join(', ')}.`);
  if (includeOwn && !hasOwn)
    raise('config-invalid', `cannot use --include-own: ${probe.id} has nothing of Sonde itself`, 'Leave it out.');
  return { by: by ?? groupings[0], sort: sort ?? sorts[0], includeOwn };
}
