/** What can be done with one frame, from its menu or by key. */
export type FrameAction = 'zoom' | 'copy-name' | 'copy-stack' | 'sandwich' | 'filter-process' | 'search' | 'hide';

export interface FrameChoice {
  readonly action: FrameAction;
  readonly text: string;
  readonly key?: string;
}

const ZOOM: FrameChoice = { action: 'zoom', text: 'Zoom to this frame', key: 'Enter' };
const COPY_NAME: FrameChoice = { action: 'copy-name', text: 'Copy name', key: 'C' };
const COPY_STACK: FrameChoice = { action: 'copy-stack', text: 'Copy stack', key: 'Shift+C' };
const SANDWICH: FrameChoice = { action: 'sandwich', text: 'Callers and callees (sandwich)' };
const SEARCH: FrameChoice = { action: 'search', text: 'Search for this name' };
const HIDE: FrameChoice = { action: 'hide', text: 'Hide this function' };
const FILTER: FrameChoice = { action: 'filter-process', text: 'Only this process' };

/** `hasProcess`: it is known which process the frame ran in. */
export function choicesFor(what: 'function' | 'process' | 'thread' | 'root', hasProcess: boolean): FrameChoice[] {
  switch (what) {
    case 'function':
      return [ZOOM, SANDWICH, SEARCH, ...(hasProcess ? [FILTER] : []), HIDE, COPY_NAME, COPY_STACK];
    case 'process':
    case 'thread':
      return [ZOOM, FILTER, SEARCH, COPY_NAME];
    case 'root':
      return [ZOOM];
  }
}
