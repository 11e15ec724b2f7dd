/** What somebody may send who reports a fault: versions and the last lines of the log, without whose machines they tell of. */
import { isIP } from 'node:net';

const LINES = 200;

export interface Told {
  readonly about: readonly string[];
  readonly log: { last(count: number): string[] };
  readonly home: string;
  readonly user: string;
}

export function diagnostics({ about, log, home, user }: Told): string {
  return [...about, '', ...log.last(LINES).map((line) => withoutNames(line, home, user))].join('\n');
}

/** Logins before names of users, or half of one would stay. */
export function withoutNames(line: string, home: string, user: string): string {
  return line
    .replaceAll(home, '~')
    .replaceAll(/[\w.-]+@[\w.[\]:%-]*[\w\]]/g, 'USER@HOST')
    .replaceAll(new RegExp(String.raw`(?<!\w)${escaped(user)}(?!\w)`, 'g'), 'USER')
    .replaceAll(/[0-9a-fA-F:.]{3,}/g, (word) => (isIP(word.replace(/[.:]$/, '')) ? 'ADDRESS' : word));
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w]/g, String.raw`\$&`);
}
