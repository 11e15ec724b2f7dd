/** What `sonde top` needs of a probe: rows of numbers for scripts, cells of text for people. */
import type { Signal } from '../../remote-agent/protocol/index.ts';
import { type Covered, LiveCollector } from '../export/index.ts';
import type { TextColumn } from './text-table.ts';

export interface TopOptions {
  readonly by: string;
  readonly sort: string;
  /** Of flows: also the connection that Sonde itself talks over. */
  readonly includeOwn: boolean;
}

export interface TopRow {
  readonly json: Readonly<Record<string, string | number | null>>;
  readonly cells: readonly string[];
}

export interface TopPart {
  readonly covered: Covered;
  /** All, sorted. */
  readonly rows: readonly TopRow[];
  /** More to say above them. */
  readonly notes: readonly string[];
}

/** Added up since the last look and since the beginning. */
export interface Watched {
  take(signal: Signal): void;
  sinceLast(): TopPart;
  whole(): TopPart;
}

export interface TopView {
  readonly unit: string;
  /** The first is the default, here and of the sorts. */
  readonly groupings: readonly [string, ...string[]];
  readonly sorts: readonly [string, ...string[]];
  readonly hasOwn: boolean;
  columns(options: TopOptions): readonly TextColumn[];
  watch(options: TopOptions): Watched;
}

/** `part` makes of what was collected what is shown of it. */
export function watched<T>(make: ConstructorParameters<typeof LiveCollector<T>>[0], part: (of: T) => TopPart): Watched {
  const collector = new LiveCollector<T>(make);
  return {
    take: (signal) => collector.take(signal),
    sinceLast: () => part(collector.sinceLast()),
    whole: () => part(collector.whole()),
  };
}

export const right = (head: string): TextColumn => ({ head, align: 'right' });
export const left = (head: string): TextColumn => ({ head, align: 'left' });
