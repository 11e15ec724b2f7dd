/** What the application was started with. Chromium's own switches and unknown ones pass by. */
import { parseArgs } from 'node:util';
import type { Target } from '../bridge/index.ts';

export interface Started {
  /** A recording to open. */
  readonly recording: string | null;
  readonly connect: { readonly target: Target; readonly acceptHostKey: string | null } | null;
}

/** The probe a connection starts with where nobody chose. */
const DEFAULT_PROBE = 'cpu-profile';

/** `argv` without the executable; `fromFolder`: the first word is the application itself (`electron .`). */
export function parseArguments(argv: readonly string[], fromFolder: boolean): Started {
  const { values, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      connect: { type: 'string' },
      identity: { type: 'string', multiple: true },
      'known-hosts': { type: 'string' },
      'accept-host-key': { type: 'string' },
      option: { type: 'string', multiple: true },
    },
  });
  const [recording] = fromFolder ? positionals.slice(1) : positionals;
  const destination = text(values['connect']);
  if (destination === null) return { recording: recording ?? null, connect: null };
  const target: Target = {
    destination,
    identityFiles: texts(values['identity']),
    knownHostsFile: text(values['known-hosts']),
    probe: DEFAULT_PROBE,
    options: optionsOf(texts(values['option'])),
  };
  return { recording: null, connect: { target, acceptHostKey: text(values['accept-host-key']) } };
}

type Value = string | boolean | (string | boolean)[] | undefined;

function text(value: Value): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function texts(value: Value): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}

/** "hz=49" each. */
function optionsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
