import type { FlowsOfRange } from '../../derive/flows/index.ts';
import type { Selection } from '../../store/index.ts';
import { formatBytes, formatCount } from '../../widgets/format.ts';

export interface Emptiness {
  readonly title: string;
  readonly note?: string;
  /** Another choice here would show something. */
  readonly isFiltered: boolean;
}

/** Why there is no flow; only asked when there is none. */
export function whyEmpty({ world, list, coverage }: FlowsOfRange, { process, container }: Selection): Emptiness {
  const others = world.totals.count - list.ownFlows;
  if (others > 0) {
    const isOfNobody = list.ofOwner === 0 && (process !== null || container !== null);
    return {
      title: isOfNobody ? 'What is selected has no flow in this range.' : 'No flow matches this filter.',
      note: `${formatCount(others)} ${others === 1 ? 'other is' : 'others are'} in the range.`,
      isFiltered: true,
    };
  }
  if (coverage.windows === 0) return { title: 'Nothing was watched in this range', isFiltered: false };
  if (list.ownFlows > 0) {
    const note = `It carried ${formatBytes(list.ownBytes)}. Tick “Sonde’s own connection” to see it.`;
    return { title: 'Only Sonde’s own connection had traffic in this range', note, isFiltered: false };
  }
  if (coverage.filtered > 0) {
    const note = `${formatCount(coverage.filtered)} packets were seen on the device and left out by the options of the probe.`;
    return { title: 'No flow matched what was asked for', note, isFiltered: false };
  }
  return { title: 'No flow had traffic in this range', isFiltered: false };
}
