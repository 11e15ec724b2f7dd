import type { Band, Calls } from '../../derive/calls/index.ts';
import type { Selection } from '../../store/index.ts';
import { formatCount } from '../../widgets/format.ts';

export interface Emptiness {
  readonly title: string;
  readonly note?: string;
  /** Another choice here would show something. */
  readonly isFiltered: boolean;
}

/** Why there is no row; only asked when there is none. */
export function whyEmpty({ facets, coverage }: Calls, selection: Selection, band: Band): Emptiness {
  const { process, thread, container } = selection;
  const isFiltered = band !== null || process !== null || thread !== null || container !== null;
  if (facets.total > 0 && isFiltered) {
    return {
      title: 'No call matches this filter',
      note: `${formatCount(facets.total)} others are in the range.`,
      isFiltered,
    };
  }
  if (coverage.windows === 0) return { title: 'Nothing was watched in this range', isFiltered: false };
  if (coverage.filtered > 0) {
    const note = `${formatCount(coverage.filtered)} calls were seen on the device and left out by the options of the probe.`;
    return { title: 'No call matched what was asked for', note, isFiltered: false };
  }
  return { title: 'No call returned in this range', isFiltered: false };
}
