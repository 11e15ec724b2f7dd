/** Reading single values out of the answer of a configuration file, and the tokens in them. */

/** Keys in lower case; the first value wins, except for identityfile, which adds up. */
export type HostSettings = Readonly<Record<string, string | readonly string[]>>;

export function listOf(settings: HostSettings, key: string): readonly string[] {
  const value = settings[key];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

export function firstOf(settings: HostSettings, key: string): string | null {
  return listOf(settings, key)[0] ?? null;
}

export function isYes(settings: HostSettings, key: string): boolean {
  return firstOf(settings, key)?.toLowerCase() === 'yes';
}

export interface Tokens {
  readonly home: string;
  readonly host: string;
  readonly name: string;
  readonly port: number;
  readonly user: string;
  readonly local: string;
}

/** The tokens of ssh_config(5) that make sense in file names, `~` and `${VARIABLE}`. */
export function expandTokens(text: string, tokens: Tokens): string {
  const values: Record<string, string> = {
    '%': '%',
    d: tokens.home,
    h: tokens.host,
    n: tokens.name,
    p: String(tokens.port),
    r: tokens.user,
    u: tokens.local,
  };
  return text
    .replace(/^~(?=$|[/\\])/, tokens.home)
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole)
    .replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole);
}
