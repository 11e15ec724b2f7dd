import type { KeyHint } from '../../widgets/key-list.tsx';

/** Every key of the flame graph: the one list that the handler obeys and the help shows. */

export type FlameCommand =
  | 'caller'
  | 'callee'
  | 'previous'
  | 'next'
  | 'zoom'
  | 'back'
  | 'reset'
  | 'closer'
  | 'farther'
  | 'pan-left'
  | 'pan-right'
  | 'pan-up'
  | 'pan-down'
  | 'copy-name'
  | 'copy-stack'
  | 'orientation'
  | 'search'
  | 'next-match'
  | 'previous-match'
  | 'menu'
  | 'help';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** What the help shows, in this order. `↑ ↓` are told apart by what is drawn where: see commandOf. */
export const KEY_HELP: readonly KeyHint[] = [
  { keys: ['↑', '↓'], does: 'Caller or callee, as they lie in the picture' },
  { keys: ['←', '→'], does: 'Neighbour in the same row' },
  { keys: ['Enter'], does: 'Zoom to the frame (or click it)' },
  { keys: ['Esc', 'Backspace', 'Alt+←'], does: 'Back to the view before' },
  { keys: ['Home'], does: 'Show everything' },
  { keys: ['+', '−'], does: 'Closer, farther (or Ctrl+wheel at the pointer)' },
  { keys: ['A', 'D'], does: 'Pan left, right (or drag; also Ctrl+← →)' },
  { keys: ['W', 'S'], does: 'Scroll up, down (or wheel; also Ctrl+↑ ↓)' },
  { keys: ['/', 'Ctrl+F'], does: 'Search, as a regular expression' },
  { keys: ['N', 'Shift+N'], does: 'Next, previous match (F3 too)' },
  { keys: ['C'], does: 'Copy the name' },
  { keys: ['Shift+C'], does: 'Copy the stack' },
  { keys: ['I'], does: 'Root on top or at the bottom' },
  { keys: ['Shift+F10'], does: 'Menu of the frame (or right click)' },
  { keys: ['?'], does: 'This list' },
];

const PLAIN: Readonly<Record<string, FlameCommand>> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  Enter: 'zoom',
  Escape: 'back',
  Backspace: 'back',
  Home: 'reset',
  '+': 'closer',
  '=': 'closer',
  '-': 'farther',
  '−': 'farther',
  a: 'pan-left',
  d: 'pan-right',
  w: 'pan-up',
  s: 'pan-down',
  PageUp: 'pan-up',
  PageDown: 'pan-down',
  c: 'copy-name',
  C: 'copy-stack',
  i: 'orientation',
  '/': 'search',
  n: 'next-match',
  N: 'previous-match',
  F3: 'next-match',
  ContextMenu: 'menu',
  '?': 'help',
};

const WITH_CTRL: Readonly<Record<string, FlameCommand>> = {
  ArrowLeft: 'pan-left',
  ArrowRight: 'pan-right',
  ArrowUp: 'pan-up',
  ArrowDown: 'pan-down',
  f: 'search',
  c: 'copy-name',
  C: 'copy-stack',
};

/** null = not ours. `rootOnTop`: callees are below their callers. */
export function commandOf(press: KeyPress, rootOnTop: boolean): FlameCommand | null {
  if (press.altKey) return press.key === 'ArrowLeft' ? 'back' : null;
  if (press.ctrlKey || press.metaKey) return WITH_CTRL[press.key] ?? null;
  if (press.shiftKey && press.key === 'F10') return 'menu';
  if (press.shiftKey && press.key === 'F3') return 'previous-match';
  if (press.key === 'ArrowDown') return rootOnTop ? 'callee' : 'caller';
  if (press.key === 'ArrowUp') return rootOnTop ? 'caller' : 'callee';
  // The second try is for Caps Lock.
  return PLAIN[press.key] ?? PLAIN[press.key.toLowerCase()] ?? null;
}
