/** A CPU profile in `sonde top`: its hottest functions, or who uses the CPUs. */
import { busiest, type CollectedProfile, EVERYTHING, hottest, numberText, ProfileCollector } from '../export/index.ts';
import { left, right, type TopOptions, type TopRow, type TopView, watched } from './top-view.ts';

const NS_PER_SECOND = 1e9;

export const profileView: TopView = {
  unit: 'samples',
  groupings: ['call', 'process'],
  sorts: ['time'],
  hasOwn: false,
  columns: ({ by }) =>
    by === 'process'
      ? [right('SHARE'), right('SAMPLES/S'), left('PROCESS')]
      : [right('SELF'), right('TOTAL'), left('FUNCTION'), left('MODULE')],
  watch: (options) =>
    watched(
      (about) => new ProfileCollector(about, EVERYTHING),
      (profile) => ({ covered: profile, rows: rowsOf(profile, options), notes: [] }),
    ),
};

function rowsOf(profile: CollectedProfile, { by }: TopOptions): TopRow[] {
  const seconds = profile.coveredNs / NS_PER_SECOND;
  if (by === 'process')
    return busiest(profile).map((row) => ({
      json: { ...row },
      cells: [percent(row.share), numberText(row.samples / seconds), `${row.comm} (${row.pid})`],
    }));
  return hottest(profile).map((row) => ({
    json: { ...row },
    cells: [percent(row.selfShare), percent(row.totalShare), row.name, row.module],
  }));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
