/** What a command is. */
import type { Fault } from '../../remote-agent/protocol/index.ts';
import type { World } from './world.ts';

export interface OptionHelp {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value in help; null = a switch. */
  readonly value: string | null;
  readonly multiple?: true;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Names of the words after the command; one in brackets may be left out. */
  readonly words: readonly string[];
  readonly options: readonly OptionHelp[];
  /** More lines for `sonde help NAME`. */
  readonly details: readonly string[];
  run(given: Arguments, world: World): Promise<Result>;
}

/** Parsed and known to the command. */
export interface Arguments {
  readonly words: readonly string[];
  has(name: string): boolean;
  /** null = not given. */
  value(name: string): string | null;
  values(name: string): readonly string[];
  readonly json: boolean;
}

export interface Result {
  readonly exitCode: number;
  /** For people, on stdout; '' = nothing. */
  readonly text: string;
  /** For `--json`, beside `ok` and `fault`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Why it is not all that was asked for, although there is a result. */
  readonly fault?: Fault;
  /** What the person should know although it worked. */
  readonly warning?: Fault | null;
}

export const JSON_OPTION: OptionHelp = {
  name: 'json',
  value: null,
  help: 'Print one line of JSON instead of text: see sonde help json.',
};
