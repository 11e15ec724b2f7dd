/** From words to an exit code. */
import { type Fault, faultOf, raise, SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { parseArguments } from './arguments.ts';
import type { Arguments, Command, Result } from './command.ts';
import { COMMANDS } from './commands.ts';
import { exitCodeOf, OK } from './exit-codes.ts';
import { faultText } from './fault-text.ts';
import { nearest } from './nearest.ts';
import type { World } from './world.ts';

/** Rejects for bugs only. */
export async function run(words: readonly string[], world: World): Promise<number> {
  if (words[0] === '--version' || words[0] === '-V') {
    await world.stdout.write(`sonde ${SONDE_VERSION}\n`);
    return OK;
  }
  // Known before the arguments are, so that a mistake in them is answered in JSON, too.
  const json = words.includes('--json');
  try {
    const { command, given } = commandOf(words);
    return await show(await command.run(given, world), json, world);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return show({ exitCode: exitCodeOf(fault.code), text: '', json: {}, fault }, json, world);
  }
}

function commandOf(words: readonly string[]): { command: Command; given: Arguments } {
  const [first, ...rest] = words;
  const wantsHelp =
    first === undefined || first === '--help' || first === '-h' || rest.includes('--help') || rest.includes('-h');
  const name = wantsHelp ? 'help' : first;
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) return unknownCommand(name);
  const topic = first === undefined || first.startsWith('-') ? [] : [first];
  return { command, given: parseArguments(command, wantsHelp ? topic : rest) };
}

function unknownCommand(name: string): never {
  const close = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  const hint =
    close === null
      ? `The commands are ${COMMANDS.map((command) => command.name).join(', ')}.`
      : `Did you mean sonde ${close}?`;
  return raise('config-invalid', `there is no command “${name}”`, hint);
}

async function show(
  { exitCode, text, json: object, fault, warning }: Result,
  json: boolean,
  world: World,
): Promise<number> {
  if (json) {
    await world.stdout.write(
      `${JSON.stringify({ ok: !fault, ...object, ...(warning ? { warning } : {}), ...(fault ? { fault } : {}) })}\n`,
    );
    return exitCode;
  }
  if (text !== '') await world.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  for (const each of [warning, fault]) if (each) world.stderr.write(faultText(each satisfies Fault, each === fault));
  return exitCode;
}
