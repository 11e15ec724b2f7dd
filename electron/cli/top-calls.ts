/** System calls in `sonde top`. */
import {
  CallCollector,
  type CallGrouping,
  type CollectedCalls,
  durationText,
  EVERYTHING,
  groupCalls,
  numberText,
} from '../export/index.ts';
import { left, right, type TopOptions, type TopRow, type TopView, watched } from './top-view.ts';

const NS_PER_SECOND = 1e9;
const WEIGHTS = { time: 'totalNs', calls: 'calls', errors: 'failed' } as const;

export const callsView: TopView = {
  unit: 'calls',
  groupings: ['both', 'call', 'process'],
  sorts: ['time', 'calls', 'errors'],
  hasOwn: false,
  columns: ({ by }) => [
    ...['CALLS/S', 'ERR/S', 'TIME/S', 'P50', 'P99', 'MAX'].map(right),
    ...(by === 'process' ? [] : [left('CALL')]),
    ...(by === 'call' ? [] : [left('PROCESS')]),
  ],
  watch: (options) =>
    watched(
      (about) => new CallCollector(about, EVERYTHING),
      (calls) => ({ covered: calls, rows: rowsOf(calls, options), notes: [] }),
    ),
};

function rowsOf(calls: CollectedCalls, { by, sort }: TopOptions): TopRow[] {
  const seconds = calls.coveredNs / NS_PER_SECOND;
  const weight = WEIGHTS[sort as keyof typeof WEIGHTS];
  return groupCalls(calls, by as CallGrouping)
    .toSorted((a, b) => Number(b.stats[weight]) - Number(a.stats[weight]) || b.stats.calls - a.stats.calls)
    .map(({ call, who, stats }) => {
      const times = { p50Ns: stats.quantileNs(0.5), p90Ns: stats.quantileNs(0.9), p99Ns: stats.quantileNs(0.99) };
      const rates = { perSecond: stats.calls / seconds, errorsPerSecond: stats.failed / seconds };
      const totalSeconds = Number(stats.totalNs) / NS_PER_SECOND;
      const { comm = '?', pid = 0, container = '' } = who ?? {};
      return {
        json: {
          ...(by === 'process' ? {} : { call }),
          ...(by === 'call' ? {} : { comm, pid, container }),
          count: stats.calls,
          errors: stats.failed,
          ...rates,
          totalSeconds,
          ...times,
          maxNs: stats.maxNs,
        },
        cells: [
          numberText(rates.perSecond),
          numberText(rates.errorsPerSecond),
          durationText((totalSeconds / seconds) * NS_PER_SECOND),
          ...[times.p50Ns, times.p99Ns, stats.maxNs].map(durationText),
          ...(by === 'process' ? [] : [call]),
          ...(by === 'call' ? [] : [`${comm} (${pid})${container ? ` ${container}` : ''}`]),
        ],
      };
    });
}
