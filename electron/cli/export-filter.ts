/** Which part of a recording: the options, and what they mean. */
import { MAX_TIME_NS, raise, type Stretch } from '../../remote-agent/protocol/index.ts';
import { EVERYTHING, type ProfileFilter } from '../export/index.ts';
import { openRecording, type RecordingInfo } from '../recording/index.ts';
import type { Arguments, OptionHelp } from './command.ts';
import { parseDurationMs } from './quantities.ts';

const NS_PER_MS = 1e6;

export const TIME_OPTIONS: readonly OptionHelp[] = [
  {
    name: 'from',
    value: 'TIME',
    multiple: true,
    help: 'Leave out what is before: 30s after the start, or a time of day. May be repeated with --to: several ranges.',
  },
  {
    name: 'to',
    value: 'TIME',
    multiple: true,
    help: 'Leave out what is after: 1m30s after the start, or a time of day.',
  },
];

export const FILTER_OPTIONS: readonly OptionHelp[] = [
  ...TIME_OPTIONS,
  { name: 'process', value: 'NAME|PID', help: 'Only processes of this name, or the one with this number.' },
  { name: 'thread', value: 'NAME|TID', help: 'Only threads of this name, or the one with this number.' },
  {
    name: 'container',
    value: 'NAME',
    help: 'Only this container, by its name or the beginning of its id; host: outside of containers.',
  },
  { name: 'pid', value: 'PID', help: 'The same as --process PID.' },
  { name: 'tid', value: 'TID', help: 'The same as --thread TID.' },
];

export async function filterOf(given: Arguments, recording: string): Promise<ProfileFilter> {
  const process = whoOf(given, 'process', 'pid');
  const thread = whoOf(given, 'thread', 'tid');
  const container = given.value('container');
  const range = await timesOf(given, recording, 'from', 'to');
  return {
    ...EVERYTHING,
    ...range,
    pid: process.id,
    process: process.name,
    tid: thread.id,
    thread: thread.name,
    container: container === 'host' ? '' : container,
  };
}

type Times = Pick<ProfileFilter, 'fromNs' | 'toNs' | 'ranges'>;

/** What two options of the command say, which are named without dashes. */
export async function timesOf(
  given: Arguments,
  recording: string,
  fromOption: string,
  toOption: string,
): Promise<Times> {
  const [froms, tos] = [given.values(fromOption), given.values(toOption)];
  const clock = froms.length + tos.length === 0 ? null : await clockOf(recording);
  const range = (from: string | undefined, to: string | undefined) => {
    const fromNs = from === undefined ? null : timeOf(from, `--${fromOption}`, clock);
    const toNs = to === undefined ? null : timeOf(to, `--${toOption}`, clock);
    if (fromNs === null || toNs === null || fromNs < toNs) return { fromNs, toNs };
    return raise(
      'config-invalid',
      `cannot take --${fromOption} ${from} --${toOption} ${to}: nothing is in between`,
      'Write the earlier one first.',
    );
  };
  if (froms.length <= 1 && tos.length <= 1) return { ...range(froms[0], tos[0]), ranges: [] };
  if (froms.length !== tos.length)
    raise(
      'config-invalid',
      `cannot take several ranges: --${fromOption} is there ${froms.length} times, --${toOption} ${tos.length} times`,
      'Write a pair for each range.',
    );
  return severalOf(froms.map((from, i) => range(from, tos[i])));
}

/** What --from and --to say, as stretches of the device's time; none = all of it. */
export async function rangesOf(given: Arguments, recording: string): Promise<readonly Stretch[]> {
  const { fromNs, toNs, ranges } = await timesOf(given, recording, 'from', 'to');
  if (ranges.length > 0 || (fromNs === null && toNs === null)) return ranges;
  const startNs = (await clockOf(recording))?.deviceMonotonicNs ?? 0;
  return [{ fromNs: fromNs ?? startNs, toNs: toNs ?? Number(MAX_TIME_NS) }];
}

/** All have both ends. */
function severalOf(given: readonly Pick<Times, 'fromNs' | 'toNs'>[]): Times {
  const ranges = given
    .map(({ fromNs, toNs }) => ({ fromNs: fromNs ?? 0, toNs: toNs ?? 0 }))
    .toSorted((a, b) => a.fromNs - b.fromNs);
  if (ranges.some(({ fromNs }, i) => fromNs < (ranges[i - 1]?.toNs ?? fromNs)))
    raise('config-invalid', 'cannot take several ranges: two of them overlap', 'Make one of them.');
  return { fromNs: ranges[0]?.fromNs ?? null, toNs: ranges.at(-1)?.toNs ?? null, ranges };
}

type Clock = RecordingInfo['clock'];

/** Device and workstation time of the first timed record; null where the recording has none. */
async function clockOf(recording: string): Promise<Clock> {
  const reader = await openRecording(recording);
  try {
    return reader.info.clock;
  } finally {
    await reader.close();
  }
}

const DATE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

function timeOf(text: string, option: string, clock: Clock): number {
  const startNs = clock?.deviceMonotonicNs ?? 0;
  if (!/^\d{4}-/.test(text)) return startNs + parseDurationMs(text, option) * NS_PER_MS;
  const atMs = DATE.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(atMs))
    return raise('config-invalid', `cannot understand ${option} ${text}`, 'Write a time such as 2026-05-03T14:02:11.');
  if (!clock) return raise('config-invalid', `cannot use ${option} ${text}: the recording holds no clock`);
  return startNs + (atMs - clock.workstationMs) * NS_PER_MS;
}

interface Who {
  readonly id: number | null;
  readonly name: string | null;
}

/** A number is an id, whatever else it may be a name of. */
function whoOf(given: Arguments, option: 'process' | 'thread', idOption: 'pid' | 'tid'): Who {
  const [text, id] = [given.value(option), given.value(idOption)];
  if (text !== null && id !== null)
    raise('config-invalid', `cannot use --${option} and --${idOption} together`, 'They are the same: leave one out.');
  if (id !== null && !/^\d{1,10}$/.test(id))
    raise('config-invalid', `cannot understand --${idOption} ${id}`, 'Write a number.');
  const isNumber = text !== null && /^\d{1,10}$/.test(text);
  return isNumber ? { id: Number(text), name: null } : { id: id === null ? null : Number(id), name: text };
}
