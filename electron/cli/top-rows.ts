/** What `sonde top` shows of each probe: rows of numbers for scripts, cells of text for people. Pure. */
import { type ProbeManifest, raise } from '../../remote-agent/protocol/index.ts';
import {
  type CollectedRecording,
  durationText,
  groupCalls,
  type Grouping,
  numberText,
  summarize,
} from '../export/index.ts';
import type { TextColumn } from './text-table.ts';

export type Part = Pick<CollectedRecording, 'profile' | 'calls'>;
export const SORTS = ['calls', 'errors', 'time'] as const;
export type Sort = (typeof SORTS)[number];

export interface TopOptions {
  readonly by: Grouping;
  readonly sort: Sort;
}

export interface TopRow {
  readonly json: Readonly<Record<string, string | number | null>>;
  readonly cells: readonly string[];
}

export interface TopView {
  readonly unit: string;
  /** The first is the default. */
  readonly groupings: readonly [Grouping, ...Grouping[]];
  readonly sorts: readonly Sort[];
  covered(part: Part): CollectedRecording['calls'] | CollectedRecording['profile'];
  columns(options: TopOptions): readonly TextColumn[];
  /** All, sorted. */
  rows(part: Part, options: TopOptions): TopRow[];
}

const right = (head: string): TextColumn => ({ head, align: 'right' });
const left = (head: string): TextColumn => ({ head, align: 'left' });

/** Which probe's windows are shown how. */
const VIEWS: Readonly<Partial<Record<ProbeManifest['display']['view'], TopView>>> = {
  calls: {
    unit: 'calls',
    groupings: ['both', 'call', 'process'],
    sorts: SORTS,
    covered: ({ calls }) => calls,
    columns: ({ by }) => [
      ...['CALLS/S', 'ERR/S', 'TIME/S', 'P50', 'P99', 'MAX'].map(right),
      ...(by === 'process' ? [] : [left('CALL')]),
      ...(by === 'call' ? [] : [left('PROCESS')]),
    ],
    rows: callRows,
  },
  flamegraph: {
    unit: 'samples',
    groupings: ['call', 'process'],
    sorts: ['time'],
    covered: ({ profile }) => profile,
    columns: ({ by }) =>
      by === 'process'
        ? [right('SHARE'), right('SAMPLES/S'), left('PROCESS')]
        : [right('SELF'), right('TOTAL'), left('FUNCTION'), left('MODULE')],
    rows: profileRows,
  },
};

export function viewOf(probe: ProbeManifest): TopView {
  return (
    VIEWS[probe.display.view] ??
    raise(
      'bad-option',
      `cannot watch ${probe.id} as a table`,
      'It tells of single calls: record it, and export the table slow.',
    )
  );
}

/** Refuses what the probe's windows do not have. */
export function checkOptions(probe: ProbeManifest, { by, sort }: TopOptions): void {
  const { groupings, sorts } = viewOf(probe);
  if (!groupings.includes(by))
    raise('config-invalid', `cannot group ${probe.id} by ${by}`, `There is --by ${groupings.join(', ')}.`);
  if (!sorts.includes(sort))
    raise('config-invalid', `cannot sort ${probe.id} by ${sort}`, `There is --sort ${sorts.join(', ')}.`);
}

const NS_PER_SECOND = 1e9;

function callRows({ calls }: Part, { by, sort }: TopOptions): TopRow[] {
  const seconds = calls.coveredNs / NS_PER_SECOND;
  const weight = { calls: 'calls', errors: 'failed', time: 'totalNs' }[sort] as 'calls' | 'failed' | 'totalNs';
  return groupCalls(calls, by)
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

function profileRows({ profile, calls }: Part, { by }: TopOptions): TopRow[] {
  const { hottest, processes, seconds } = summarize({ profile, calls });
  if (by === 'process')
    return processes.map((row) => ({
      json: { ...row },
      cells: [percent(row.share), numberText(row.samples / seconds), `${row.comm} (${row.pid})`],
    }));
  return hottest.map((row) => ({
    json: { ...row },
    cells: [percent(row.selfShare), percent(row.totalShare), row.name, row.module],
  }));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
