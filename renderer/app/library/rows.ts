import { type LibraryEntry, madeMs } from '../../../electron/bridge/library.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import { fileName, formatCount, formatShare, formatWhen } from '../../widgets/format.ts';
import type { GridColumn, GridSorting } from '../../widgets/grid.tsx';

export type LibraryColumn = 'device' | 'started' | 'length' | 'size' | 'probes' | 'happened' | 'note';
export type LibrarySorting = GridSorting<LibraryColumn>;

export const LIBRARY_COLUMNS: readonly GridColumn<LibraryColumn>[] = [
  { id: 'device', title: 'Device' },
  { id: 'started', title: 'Started' },
  { id: 'length', title: 'Length' },
  { id: 'size', title: 'Size' },
  { id: 'probes', title: 'Watched', help: 'What was measured' },
  { id: 'happened', title: 'What happened', help: 'The busiest process, and what was lost' },
  { id: 'note', title: 'Note', help: 'Your own words, else those of its marks' },
];

/** Times and sizes are wanted newest and largest first. */
const DESCENDING: readonly LibraryColumn[] = ['started', 'length', 'size'];

export function nextLibrarySorting(current: LibrarySorting, column: LibraryColumn): LibrarySorting {
  const turned = current.direction === 'ascending' ? 'descending' : 'ascending';
  if (current.column === column) return { column, direction: turned };
  return { column, direction: DESCENDING.includes(column) ? 'descending' : 'ascending' };
}

export type LibraryTexts = Readonly<Record<'device' | 'started' | 'probes' | 'happened' | 'note', string>>;

/** One recording with all that is shown of it. */
export interface LibraryRow {
  readonly id: number;
  readonly entry: LibraryEntry;
  readonly texts: LibraryTexts;
  /** null where it is not known. */
  readonly seconds: number | null;
  /** Lower case: what a search looks in. */
  readonly haystack: string;
}

export function rowOf(id: number, entry: LibraryEntry, nowMs: number): LibraryRow {
  const { about } = entry;
  const texts = textsOf(entry, nowMs);
  const more = about.kind === 'read' ? [about.destination, ...about.processes, ...about.probes, ...about.marks] : [];
  const date = new Date(madeMs(entry));
  const dates = Number.isFinite(date.getTime()) ? [isoDay(date)] : [];
  const haystack = [...Object.values(texts), ...more, ...dates, entry.file].join('\n').toLowerCase();
  return { id, entry, texts, seconds: about.kind === 'read' ? about.seconds : null, haystack };
}

/** Rows that have every word of the search somewhere, in order. */
export function shownRows(rows: readonly LibraryRow[], search: string, sorting: LibrarySorting): LibraryRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(({ haystack }) => words.every((word) => haystack.includes(word)));
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return found.toSorted((a, b) => sign * compare(a, b, sorting.column) || madeMs(b.entry) - madeMs(a.entry));
}

function textsOf(entry: LibraryEntry, nowMs: number): LibraryTexts {
  const { about, note } = entry;
  const started = formatWhen(madeMs(entry), nowMs);
  switch (about.kind) {
    case 'waiting':
      return {
        device: fileName(entry.file),
        started,
        probes: '',
        happened: entry.isOpen ? 'open' : 'not looked at yet',
        note,
      };
    case 'unreadable':
      return { device: fileName(entry.file), started, probes: '', happened: reasonOf(entry.file, about.message), note };
    case 'read':
      return {
        device: about.hostname || fileName(entry.file),
        started,
        probes: about.probes.map((id) => findProbe(id)?.title ?? id).join(', '),
        happened: happenedText(about),
        note: note || about.marks.join(' · '),
      };
  }
}

/** The file is named in its row already. */
export function reasonOf(file: string, message: string): string {
  return message.replace(`cannot open ${file}: `, '');
}

function happenedText({
  processes,
  topShare,
  lost,
  isComplete,
}: Extract<LibraryEntry['about'], { kind: 'read' }>): string {
  const [busiest] = processes;
  return [
    ...(busiest !== undefined && topShare !== null ? [`${busiest} ${formatShare(topShare)}`] : []),
    ...(lost > 0 ? [`${formatCount(lost)} lost`] : []),
    ...(isComplete ? [] : ['without its end']),
  ].join(', ');
}

function compare(a: LibraryRow, b: LibraryRow, column: LibraryColumn): number {
  switch (column) {
    case 'started':
      return madeMs(a.entry) - madeMs(b.entry);
    case 'length':
      return (a.seconds ?? -1) - (b.seconds ?? -1);
    case 'size':
      return a.entry.bytes - b.entry.bytes;
    default:
      return a.texts[column].localeCompare(b.texts[column]);
  }
}

/** As people type it: "2026-05-03". */
function isoDay(date: Date): string {
  const two = (value: number): string => value.toString().padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
