/** What a file from elsewhere may make us hold. */
import { raise } from '../../remote-agent/protocol/index.ts';

/** Text is read line by line. */
export const MAX_TEXT_BYTES = 4 * 2 ** 30;
/** pprof and speedscope must be held as a whole, unpacked. */
export const MAX_WHOLE_BYTES = 256 << 20;
export const MAX_LINE_LENGTH = 1 << 20;
/** Rows and stacks of a profile: those of a day of a busy box. */
export const MAX_ROWS = 2_000_000;
/** Of the 512 that a reader allows. What is nearer to the root than this goes. */
export const MAX_DEPTH = 500;

export function tooLarge(file: string, what: string): never {
  return raise('bad-option', `cannot import ${file}: ${what}`, 'Make a profile of less time, or of one process.');
}

export function notUnderstood(file: string, why: string, hint = KNOWN): never {
  return raise('bad-recording', `cannot import ${file}: ${why}`, hint);
}

export const KNOWN =
  'Sonde opens its own recordings, the text that perf script prints, folded stacks, pprof and speedscope files.';
