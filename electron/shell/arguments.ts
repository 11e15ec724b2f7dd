/** What the application was started with. Chromium's own switches and unknown ones pass by. */
import { parseArgs } from 'node:util';
import { findProbe } from '../../remote-agent/protocol/index.ts';
import { DEFAULT_PROBES, type ProbeChoice, type Target } from '../bridge/index.ts';

export interface Started {
  /** A recording to open. */
  readonly recording: string | null;
  readonly connect: { readonly target: Target; readonly acceptHostKey: string | null } | null;
}

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
      probe: { type: 'string', multiple: true },
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
    probes: choicesOf(texts(values['probe']), optionsOf(texts(values['option']))),
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

/** An option goes to every probe that has it; one that none has goes to the first, whose refusal names it. */
function choicesOf(asked: readonly string[], options: Readonly<Record<string, string>>): ProbeChoice[] {
  const probes = asked.length > 0 ? [...new Set(asked)] : [...DEFAULT_PROBES];
  const has = (probe: string, name: string): boolean =>
    findProbe(probe)?.options.some((option) => option.name === name) ?? false;
  return probes.map((probe, at) => {
    const isOurs = ([name]: [string, string]): boolean =>
      has(probe, name) || (at === 0 && !probes.some((other) => has(other, name)));
    return { probe, options: Object.fromEntries(Object.entries(options).filter(isOurs)) };
  });
}

/** "hz=49" each. */
function optionsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
