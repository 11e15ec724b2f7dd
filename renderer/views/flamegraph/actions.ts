import type { MenuChoice } from '../../widgets/context-menu.tsx';

/** What can be done with one frame, from its menu or by key. */
export type FrameAction =
  | 'zoom'
  | 'copy-name'
  | 'copy-stack'
  | 'sandwich'
  | 'filter-process'
  /** By the title of the other view. */
  | `show ${string}`
  | 'search'
  | 'hide';

export type FrameChoice = MenuChoice<FrameAction>;

const ZOOM: FrameChoice = { action: 'zoom', text: 'Zoom to this frame', key: 'Enter' };
const COPY_NAME: FrameChoice = { action: 'copy-name', text: 'Copy name', key: 'C' };
const COPY_STACK: FrameChoice = { action: 'copy-stack', text: 'Copy stack', key: 'Shift+C' };
const SANDWICH: FrameChoice = { action: 'sandwich', text: 'Callers and callees (sandwich)' };
const SEARCH: FrameChoice = { action: 'search', text: 'Search for this name' };
const HIDE: FrameChoice = { action: 'hide', text: 'Hide this function' };
const FILTER: FrameChoice = { action: 'filter-process', text: 'Only this process' };

export interface FrameContext {
  /** It is known which process the frame ran in. */
  readonly hasProcess: boolean;
  /** Of the other views: "System calls". */
  readonly otherTitles: readonly string[];
}

export function choicesFor(
  what: 'function' | 'process' | 'thread' | 'root',
  { hasProcess, otherTitles }: FrameContext,
): FrameChoice[] {
  const owner = what === 'thread' ? 'thread' : 'process';
  const other = otherTitles.map(
    (title): FrameChoice => ({ action: `show ${title}`, text: `${title} of this ${owner}` }),
  );
  switch (what) {
    case 'function':
      return [ZOOM, SANDWICH, SEARCH, ...(hasProcess ? [FILTER, ...other] : []), HIDE, COPY_NAME, COPY_STACK];
    case 'process':
    case 'thread':
      return [ZOOM, FILTER, ...other, SEARCH, COPY_NAME];
    case 'root':
      return [ZOOM];
  }
}
