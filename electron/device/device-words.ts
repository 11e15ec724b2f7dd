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

/** The last thing it said; '' = nothing. */
export function lastWords(text: string): string {
  return deviceWords(text, 1);
}
