/**
 * Shell scripts for devices. They are written in many lines and travel as one argument of `sh -c`, because the user's
 * login shell sees the command first and may be csh or fish: inside single quotes those agree with POSIX on everything
 * but line breaks (csh), ! (csh) and backslashes before quotes (fish). So a script here has no ', no ! and no \\ in it.
 * What it may use is what BusyBox ash, dash and bash share.
 */

const CONTINUES = /(?:\b(?:then|do|else|in)|[{(;|&])$/;
const FORBIDDEN = /['!]|\\\\|\\$/;

/** One line: comments and indentation dropped, `;` between statements. Checks the rules above. */
export function joinScript(text: string): string {
  let joined = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (FORBIDDEN.test(line)) throw new Error(`a script for devices may not hold ' ! or two backslashes: ${line}`);
    joined += joined === '' || CONTINUES.test(joined) ? `${joined === '' ? '' : ' '}${line}` : `; ${line}`;
  }
  return joined;
}

/** A command any login shell passes to sh unchanged. */
export function shCommand(text: string): string {
  return `exec sh -c '${joinScript(text)}'`;
}

const SAFE_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** For paths and names put into a script: they must need no quotes. */
export function safeWord(word: string): string {
  if (!SAFE_WORD.test(word)) throw new Error(`not a safe word for a shell: ${word}`);
  return word;
}

export function isSafeWord(word: string): boolean {
  return SAFE_WORD.test(word);
}

/** Quotes for POSIX shells: for commands that come from elsewhere. */
export function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
