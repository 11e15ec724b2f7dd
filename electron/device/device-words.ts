import { safeText } from '../../remote-agent/protocol/text.ts';

const MAX_LINE = 500;

/** What a device printed, for a fault's detail: safe line by line, at most `maxLines` of the last. */
export function deviceWords(text: string, maxLines = 40): string {
  return text
    .split(/\r?\n/)
    .map((line) => safeText(line.trimEnd(), MAX_LINE))
    .filter((line) => line !== '')
    .slice(-maxLines)
    .join('\n');
}

const TELLING = /error|cannot|fatal|denied|refused|killed|not found|no such/i;

/** The line that says what went wrong: the last one that sounds like it, else the last; '' = nothing was said. */
export function tellingLine(text: string): string {
  const lines = deviceWords(text).split('\n');
  return (lines.findLast((line) => TELLING.test(line) && !/^\s+at /.test(line)) ?? lines.at(-1) ?? '').trim();
}
