/** The command line, as protocol/agent-cli.ts builds it. */
import { parseArgs } from 'node:util';
import { DEFAULT_LEASE_S } from '../protocol/index.ts';
import type { AgentOptions } from './agent.ts';

export const USAGE =
  'usage: agent.cjs serve --dir RUN_DIR --loader LOADER [--lease SECONDS] | unattended --dir DIR --loader LOADER | version';

export type Command =
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly options: AgentOptions }
  | { readonly kind: 'unattended'; readonly folder: string; readonly loader: string }
  | { readonly kind: 'usage'; readonly problem: string };

export function parseCommand(argv: readonly string[]): Command {
  const [verb, ...rest] = argv;
  if (verb === 'version' && rest.length === 0) return { kind: 'version' };
  if (verb !== 'serve' && verb !== 'unattended') return { kind: 'usage', problem: `no verb ${verb ?? ''}` };
  try {
    const string = { type: 'string' } as const;
    const { values } = parseArgs({ args: rest, options: { dir: string, loader: string, lease: string }, strict: true });
    if (verb === 'unattended')
      return values.dir && values.loader && values.lease === undefined
        ? { kind: 'unattended', folder: values.dir, loader: values.loader }
        : { kind: 'usage', problem: 'unattended wants --dir and --loader' };
    const leaseS = Number(values.lease ?? DEFAULT_LEASE_S);
    if (!values.dir || !values.loader || !Number.isInteger(leaseS) || leaseS < 1)
      return { kind: 'usage', problem: 'serve wants --dir, --loader and a whole number of seconds' };
    return { kind: 'serve', options: { runDir: values.dir, loader: values.loader, leaseS } };
  } catch (error) {
    return { kind: 'usage', problem: (error as Error).message };
  }
}
