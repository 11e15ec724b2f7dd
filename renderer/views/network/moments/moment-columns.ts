import { establishedNs } from '../../../../remote-agent/protocol/network/index.ts';
import type { FlowWorld, Moment, MomentKind } from '../../../derive/flows/index.ts';
import { errnoMeaning, errnoName } from '../../../../remote-agent/protocol/syscalls/index.ts';
import { formatCount, formatDuration, formatNs } from '../../../widgets/format.ts';
import type { GridColumn, GridSorting } from '../../../widgets/grid.tsx';

export type MomentColumn =
  | 'time'
  | 'what'
  | 'process'
  | 'protocol'
  | 'local'
  | 'remote'
  | 'name'
  | 'duration'
  | 'detail';
export type MomentSorting = GridSorting<MomentColumn>;

/** As they happen: the newest at the bottom. */
export const FIRST_MOMENT_SORTING: MomentSorting = { column: 'time', direction: 'ascending' };

export const MOMENT_COLUMNS: readonly GridColumn<MomentColumn>[] = [
  { id: 'time', title: 'Time', help: 'Time of day on the device' },
  { id: 'what', title: 'What', sorts: false },
  { id: 'process', title: 'Process', sorts: false },
  { id: 'local', title: 'Local', sorts: false },
  { id: 'remote', title: 'Remote', sorts: false },
  { id: 'name', title: 'Remote name', sorts: false },
  {
    id: 'duration',
    title: 'Took',
    help: 'A connect or accept: from SYN to established. A close or reset: how long it was open. A failure: how long it was tried.',
  },
  { id: 'detail', title: 'Detail', sorts: false },
];

export const KIND_WORDS: Readonly<Record<MomentKind, string>> = {
  connect: 'connected',
  accept: 'accepted',
  fail: 'failed',
  close: 'closed',
  reset: 'reset',
  listen: 'listening',
};

export function nextMomentSorting(now: MomentSorting, column: MomentColumn): MomentSorting {
  const first = column === 'duration' ? 'descending' : 'ascending';
  const other = first === 'ascending' ? 'descending' : 'ascending';
  return { column, direction: now.column === column && now.direction === first ? other : first };
}

/** `list` is in the order of time. */
export function sortMoments(list: readonly Moment[], { column, direction }: MomentSorting): readonly Moment[] {
  if (column !== 'duration') return direction === 'ascending' ? list : list.toReversed();
  const sign = direction === 'ascending' ? 1 : -1;
  return list.toSorted((a, b) => sign * (a.durationNs - b.durationNs) || a.id - b.id);
}

export function durationText({ kind, durationNs }: Moment): string {
  if (durationNs === 0) return kind === 'listen' ? '' : '–';
  return kind === 'close' || kind === 'reset' ? formatDuration(durationNs / 1e9) : formatNs(durationNs);
}

/** Why it failed, how long each part of its life took, or in which state it is now. */
export function detailText(world: FlowWorld, { kind, place }: Moment): string {
  const errno = world.totals.errno[place]!;
  if (errno !== 0 && kind !== 'listen') {
    const meaning = errnoMeaning(errno);
    const why = meaning === '' ? errnoName(errno) : `${errnoName(errno)} (${meaning})`;
    return `${why}${triesText(world.totals.tries[place]!)}`;
  }
  if (kind === 'fail') return FAILED_WITHOUT_ERROR;
  if (kind === 'close' || kind === 'reset') return lifeText(world, place);
  if (kind !== 'connect' && kind !== 'accept') return '';
  const state = world.stateName(place);
  if (world.isClosed(place) || state === '') return '';
  const sinceNs = world.totals.stateSinceNs[place]!;
  return `${state} for ${formatDuration(Math.max(0, world.toNs - sinceNs) / 1e9)}`;
}

const FAILED_WITHOUT_ERROR = 'given up before there was an answer';

/** Of one that failed before a packet could leave: how often within one window. */
function triesText(tries: number): string {
  if (tries === 0) return '';
  return tries === 1 ? ' · no packet left' : ` · ${formatCount(tries)} times · no packet left`;
}

/** Of the time that it was open: '' where nothing of it is known. */
function lifeText(world: FlowWorld, place: number): string {
  const times = world.times(place);
  const waitNs = world.totals.closeWaitNs[place]!;
  const [open, part] = [establishedNs(times), (word: string, ns: number) => (ns > 0 ? [`${word} ${lasted(ns)}`] : [])];
  const closing = part('closing', times.closingNs).map((text) =>
    waitNs > 0 ? `${text} (close-wait ${lasted(waitNs)})` : text,
  );
  return [...part('handshake', times.connectNs), ...part('established', open ?? 0), ...closing].join(' · ');
}

function lasted(ns: number): string {
  return ns < 1e9 ? formatNs(ns) : formatDuration(ns / 1e9);
}
