/** Single system calls of a summary: in numbers, with names that `--json` prints, and in words. */
import { describeCall, deviceText, errnoName, syscallName } from '../../../remote-agent/protocol/index.ts';
import type { CollectedSlow } from './collect-slow.ts';
import { completeness, cut, durationText } from '../summary/summary-words.ts';

export interface SlowSummary {
  /** Covered by windows. */
  readonly seconds: number;
  readonly gapSeconds: number;
  /** seen = kept + filtered + the sum of lost. */
  readonly seen: number;
  readonly kept: number;
  readonly filtered: number;
  readonly lost: Readonly<Record<string, number>>;
  readonly mergedWindows: number;
  /** Of the processes asked for; those that had not returned when they were last seen are in no counter. */
  readonly finished: number;
  readonly inProgress: number;
  /** Ten. */
  readonly longest: readonly {
    readonly call: string;
    /** With its arguments. */
    readonly text: string;
    readonly comm: string;
    readonly pid: number;
    readonly durationNs: number;
    /** '' = none. */
    readonly errno: string;
    readonly inProgress: boolean;
  }[];
}

const NS_PER_SECOND = 1e9;
const MAX_NAME = 256;

/** null where the recording has no windows of them. */
export function summarizeSlow(slow: CollectedSlow): SlowSummary | null {
  const { totals, coveredNs, gapNs, mergedWindows, finished, inProgress } = slow;
  if (coveredNs === 0) return null;
  const { seen, kept, filtered, lost } = totals;
  return {
    seconds: coveredNs / NS_PER_SECOND,
    gapSeconds: gapNs / NS_PER_SECOND,
    seen,
    kept,
    filtered,
    lost: Object.fromEntries(lost),
    mergedWindows,
    finished,
    inProgress,
    longest: longest(slow),
  };
}

function longest({ longest, tables }: CollectedSlow): SlowSummary['longest'] {
  return longest.map(({ thread, code, args, path, file, durationNs, errno, isFinished }) => {
    const { comm = '?', pid = 0 } = tables.processOf(thread) ?? {};
    return {
      call: syscallName(code),
      text: describeCall(code, args, deviceText(path, MAX_NAME), deviceText(file, MAX_NAME)),
      comm,
      pid,
      durationNs,
      errno: errno === 0 ? '' : errnoName(errno),
      inProgress: !isFinished,
    };
  });
}

export function slowLines(slow: SlowSummary): string[] {
  const { seconds, finished, inProgress, filtered } = slow;
  return [
    `${seconds.toFixed(1)} s of slow and failing calls: ${finished} returned, ${inProgress} had not when they were last seen, ${filtered} filtered out`,
    ...completeness(slow),
    ...(slow.longest.length === 0 ? [] : ['', '    took  call', ...slow.longest.map(line)]),
  ];
}

function line({ text, comm, pid, durationNs, errno, inProgress }: SlowSummary['longest'][number]): string {
  const end = inProgress ? ' … in progress' : errno ? ` → ${errno}` : '';
  return `${durationText(durationNs).padStart(8)}  ${cut(text)}${end}  ${cut(comm)} (${pid})`;
}
