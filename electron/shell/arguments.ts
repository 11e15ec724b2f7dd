/** What the application was started with. Chromium's own switches and unknown ones pass by. */
import { parseArgs } from 'node:util';
import { findProbe } from '../../remote-agent/protocol/index.ts';
import { DEFAULT_SETTINGS, type ProbeChoice, type Target, usualChoices } from '../bridge/index.ts';

export interface Started {
  /** A recording to open. */
  readonly recording: string | null;
  readonly connect: { readonly target: Target; readonly acceptHostKey: string | null } | null;
}

/** Stands before the words where bin/sonde has seen that they are a command; `--` after it keeps Chromium from reading them. */
const MARK = ['--cli', '--'] as const;
/** As bin/sonde has it. File managers give whole paths, so a bare word is never a recording. */
const COMMAND = /^([a-z]+|--help|-h|--version|-V)$/;

/** What is for the command line. `argv` without the executable; null = a window is wanted. */
export function commandWords(argv: readonly string[], isPackaged: boolean): readonly string[] | null {
  const mark = argv.findIndex((word, at) => word === MARK[0] && argv[at + 1] === MARK[1]);
  if (mark >= 0) return argv.slice(mark + MARK.length);
  return isPackaged && COMMAND.test(argv[0] ?? '') ? argv : null;
}

/**
 * `argv` without the executable; `fromFolder`: the first word is the application itself (`electron .`); `usual`: what is
 * watched where no probe is named.
 */
export function parseArguments(
  argv: readonly string[],
  fromFolder: boolean,
  usual: readonly ProbeChoice[] = usualChoices(DEFAULT_SETTINGS),
): Started {
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
    probes: choicesOf(texts(values['probe']), optionsOf(texts(values['option'])), usual),
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
function choicesOf(
  asked: readonly string[],
  options: Readonly<Record<string, string>>,
  usual: readonly ProbeChoice[],
): ProbeChoice[] {
  const choices = asked.length > 0 ? [...new Set(asked)].map((probe) => ({ probe, options: {} })) : usual;
  const has = (probe: string, name: string): boolean =>
    findProbe(probe)?.options.some((option) => option.name === name) ?? false;
  return choices.map((choice, at) => {
    const isOurs = ([name]: [string, string]): boolean =>
      has(choice.probe, name) || (at === 0 && !choices.some((other) => has(other.probe, name)));
    const said = Object.fromEntries(Object.entries(options).filter(isOurs));
    return { probe: choice.probe, options: { ...choice.options, ...said } };
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
