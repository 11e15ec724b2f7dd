/** One line typed in raw mode: what each key does to it. Pure. */
export type KeyOutcome =
  | { readonly kind: 'more'; readonly line: string }
  | { readonly kind: 'done'; readonly line: string }
  | { readonly kind: 'given-up' };

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const BACKSPACES = ['\u0008', '\u007f'];
const ESCAPE = '\u001b';

/** `typed` may hold several keys: a paste, or a slow reader. */
export function typeInto(line: string, typed: string): KeyOutcome {
  let now = line;
  // Arrow and function keys send an escape sequence: no part of a secret.
  for (const key of typed.replace(new RegExp(`${ESCAPE}(\\[[0-9;]*[A-Za-z~]|O.)`, 'g'), '')) {
    if (key === '\r' || key === '\n') return { kind: 'done', line: now };
    if (key === CTRL_C || (key === CTRL_D && now === '')) return { kind: 'given-up' };
    if (key === CTRL_U) now = '';
    else if (BACKSPACES.includes(key)) now = [...now].slice(0, -1).join('');
    else if (key >= ' ') now += key;
  }
  return { kind: 'more', line: now };
}
