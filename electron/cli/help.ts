/** `sonde help [COMMAND]`: everything is taken from the commands themselves. */
import { raise, SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { type Command, JSON_OPTION, type OptionHelp } from './command.ts';
import { COMMANDS } from './commands.ts';
import { exitCodeLines, OK } from './exit-codes.ts';
import { JSON_HELP } from './json-help.ts';
import { nearest } from './nearest.ts';

const WIDTH = 100;
const INDENT = 30;

const TOPICS: Readonly<Record<string, { readonly summary: string; readonly lines: () => readonly string[] }>> = {
  'exit-codes': { summary: 'What sonde ends with.', lines: exitCodeLines },
  json: { summary: 'What --json prints.', lines: () => JSON_HELP },
};

export const help: Command = {
  name: 'help',
  summary: 'Explain a command.',
  words: ['[COMMAND]'],
  options: [JSON_OPTION],
  details: [],
  async run(given) {
    const lines = linesAbout(given.words[0] ?? null);
    return { exitCode: OK, text: lines.join('\n'), json: { lines } };
  },
};

function linesAbout(name: string | null): readonly string[] {
  if (name === null) return overview();
  const command = COMMANDS.find((each) => each.name === name);
  if (command) return commandLines(command);
  const topic = Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  if (topic) return topic.lines();
  const known = [...COMMANDS.map((each) => each.name), ...Object.keys(TOPICS)];
  const close = nearest(name, known);
  return raise(
    'config-invalid',
    `there is no help about “${name}”`,
    close === null ? `There is about ${known.join(', ')}.` : `Did you mean sonde help ${close}?`,
  );
}

function overview(): string[] {
  return [
    `sonde ${SONDE_VERSION}: look inside one Linux edge box over SSH`,
    '',
    ...COMMANDS.map((command) => row(`  ${synopsis(command)}`, command.summary)).flat(),
    ...row('  sonde --version', 'Print the version.'),
    '',
    'More help:',
    ...COMMANDS.map(({ name }) => `  sonde help ${name}`),
    ...Object.entries(TOPICS).flatMap(([name, { summary }]) => row(`  sonde help ${name}`, summary)),
  ];
}

function commandLines(command: Command): string[] {
  const { summary, options, details } = command;
  return [
    `${synopsis(command)}${options.length > 0 ? ' [options]' : ''}`,
    '',
    summary,
    '',
    ...options.flatMap((option) => row(`  ${spelling(option)}`, option.help)),
    ...(details.length > 0 ? ['', ...details] : []),
  ];
}

function synopsis({ name, words }: Command): string {
  return ['sonde', name, ...words].join(' ');
}

function spelling({ name, short, value }: OptionHelp): string {
  return `${short ? `-${short}, ` : ''}--${name}${value === null ? '' : ` ${value}`}`;
}

/** Two columns; the second is broken between words. */
function row(left: string, right: string): string[] {
  const lines = [''];
  for (const word of right.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && INDENT + last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  const [first = '', ...rest] = lines;
  const head = left.length < INDENT ? [left.padEnd(INDENT) + first] : [left, ' '.repeat(INDENT) + first];
  return [...head, ...rest.map((line) => ' '.repeat(INDENT) + line)];
}
