/** The command line, as protocol/agent-cli.ts builds it. */
import { parseArgs } from 'node:util';
import { DEFAULT_LEASE_S } from '../protocol/index.ts';
import type { AgentOptions } from './agent.ts';

export const USAGE =
  'usage: agent.cjs serve --dir RUN_DIR --loader LOADER [--lease SECONDS] [--keep FOLDER --clock MS] | unattended --dir DIR --loader LOADER | version';

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
    if (verb === 'unattended') {
      const { values } = parseArgs({ args: rest, options: { dir: string, loader: string }, strict: true });
      return values.dir && values.loader
        ? { kind: 'unattended', folder: values.dir, loader: values.loader }
        : { kind: 'usage', problem: 'unattended wants --dir and --loader' };
    }
    const options = { dir: string, loader: string, lease: string, keep: string, clock: string };
    const { values } = parseArgs({ args: rest, options, strict: true });
    const leaseS = Number(values.lease ?? DEFAULT_LEASE_S);
    if (!values.dir || !values.loader || !Number.isInteger(leaseS) || leaseS < 1)
      return { kind: 'usage', problem: 'serve wants --dir, --loader and a whole number of seconds' };
    const workstationMs = Number(values.clock);
    if (values.keep !== undefined && !Number.isInteger(workstationMs))
      return { kind: 'usage', problem: '--keep wants --clock with milliseconds' };
    const keep = values.keep === undefined ? null : { folder: values.keep, workstationMs };
    return { kind: 'serve', options: { runDir: values.dir, loader: values.loader, leaseS, keep } };
  } catch (error) {
    return { kind: 'usage', problem: (error as Error).message };
  }
}
