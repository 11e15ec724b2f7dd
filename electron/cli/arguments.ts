/** Words of a command line against what a command knows. Whatever is not understood is named, with the nearest known. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { raise } from '../../remote-agent/protocol/index.ts';
import type { Arguments, Command } from './command.ts';
import { nearest } from './nearest.ts';

type Values = Map<string, string[]>;

export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const { name, short, value } of command.options)
    options[name] = { type: value === null ? 'boolean' : 'string', multiple: true, ...(short ? { short } : {}) };
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const values: Values = new Map();
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind === 'option') take(command, token, values);
  }
  checkWords(command, rest);
  return {
    words: rest,
    has: (name) => values.has(name),
    value: (name) => values.get(name)?.at(-1) ?? null,
    values: (name) => values.get(name) ?? [],
    json: values.has('json'),
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function take(command: Command, { name, rawName, value, inlineValue }: OptionToken, values: Values): void {
  const known = command.options.find((option) => option.name === name);
  if (!known) return unknownOption(command, rawName);
  if (known.value === null) {
    if (value !== undefined) refuse(command, `${rawName} takes no value`);
    values.set(name, []);
    return;
  }
  // `--for --json`: the next option is no value. A lone dash is: it means stdout.
  const isMissing = value === undefined || value === '' || (!inlineValue && value.length > 1 && value.startsWith('-'));
  if (isMissing) return refuse(command, `${rawName} needs a value: ${rawName} ${known.value}`);
  const before = values.get(name) ?? [];
  if (before.length > 0 && !known.multiple) refuse(command, `${rawName} was given twice`);
  values.set(name, [...before, value]);
}

function unknownOption(command: Command, rawName: string): never {
  const close = nearest(
    rawName.replace(/^-+/, ''),
    command.options.map((option) => option.name),
  );
  return refuse(command, `there is no option ${rawName}`, close === null ? undefined : `Did you mean --${close}?`);
}

function checkWords(command: Command, words: readonly string[]): void {
  const [extra] = words.slice(command.words.length);
  if (extra !== undefined) refuse(command, `“${extra}” is one word too many`);
  const missing = command.words[words.length];
  if (missing !== undefined && !missing.startsWith('[')) refuse(command, `${missing} is missing`);
}

function refuse(command: Command, why: string, hint = `See sonde help ${command.name}.`): never {
  return raise('config-invalid', `cannot run sonde ${command.name}: ${why}`, hint);
}
