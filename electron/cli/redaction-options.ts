/** What is to be hidden, as people say it on a command line: a preset, and kinds more or less than it has. */
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  REDACTION_KIND_NAMES,
  REDACTION_KINDS,
  REDACTION_PRESET_NAMES,
  REDACTION_PRESETS,
  type RedactionKind,
  type RedactionPreset,
  type RedactionRules,
  rulesOf,
} from '../bridge/redaction.ts';
import type { OptionHelp } from './command.ts';
import { nearest } from './nearest.ts';

const KINDS = REDACTION_KIND_NAMES.join(',');

export const HIDE_OPTION: OptionHelp = {
  name: 'hide',
  value: 'KINDS',
  multiple: true,
  help: `Hide these kinds as well, with commas between: ${KINDS}.`,
};
export const KEEP_OPTION: OptionHelp = {
  name: 'keep',
  value: 'KINDS',
  multiple: true,
  help: 'Do not hide these kinds although the preset does.',
};

/** For `sonde help`. */
export const REDACTION_DETAILS: readonly string[] = [
  'Presets:',
  ...REDACTION_PRESET_NAMES.map((name) => `  ${name.padEnd(12)} ${REDACTION_PRESETS[name].help}`),
  '',
  'Kinds:',
  ...REDACTION_KIND_NAMES.map((kind) => `  ${kind.padEnd(12)} ${REDACTION_KINDS[kind].help}`),
  '',
  'Each thing gets one stand-in, the same everywhere in the file: process-7, user-1, 10.1.1.4. They are numbers in',
  'the order of first appearance; what they stand for is stored nowhere. What is hidden is hidden inside of other',
  'texts, too. Times, amounts, ports, process ids and names of kernel functions are never hidden.',
];

export function presetCalled(name: string): RedactionPreset {
  const preset = REDACTION_PRESET_NAMES.find((each) => each === name);
  return preset ?? unknown('preset', name, REDACTION_PRESET_NAMES);
}

export function rulesFor(
  preset: RedactionPreset,
  hide: readonly string[] = [],
  keep: readonly string[] = [],
): RedactionRules {
  const hidden = new Set<RedactionKind>([...REDACTION_PRESETS[preset].hides, ...kindsIn(hide)]);
  for (const kind of kindsIn(keep)) hidden.delete(kind);
  return rulesOf(hidden);
}

function kindsIn(lists: readonly string[]): RedactionKind[] {
  return lists
    .flatMap((list) => list.split(','))
    .map((name) => REDACTION_KIND_NAMES.find((kind) => kind === name) ?? unknown('kind', name, REDACTION_KIND_NAMES));
}

function unknown(what: string, name: string, known: readonly string[]): never {
  const close = nearest(name, known);
  return raise(
    'config-invalid',
    `cannot redact: there is no ${what} ${name}`,
    close === null ? `There is ${known.join(', ')}.` : `Did you mean ${close}?`,
  );
}
