/** Entry of the bundle that runs on the device. */
import { readFileSync } from 'node:fs';
import { faultOf, parsePlan, SONDE_VERSION } from '../protocol/index.ts';
import { Agent, type AgentOptions } from './agent.ts';
import { parseCommand, USAGE } from './args.ts';
import { Flight } from './flight/flight.ts';
import { checkRunDir } from './run-dir.ts';
import { tuneEngine } from './self/engine.ts';
import { log } from './self/log.ts';
import { raisePriority } from './self/priority.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function serve(options: AgentOptions): Promise<void> {
  prepare(options.runDir);
  await live(new Agent(options));
}

async function recordUnattended(folder: string, loader: string): Promise<void> {
  // Writing needs no more threads: each has memory of its own.
  process.env['UV_THREADPOOL_SIZE'] = '1';
  prepare(folder);
  await live(new Flight({ folder, loader, plan: parsePlan(readFileSync(`${folder}/plan.json`, 'utf8')) }));
}

function prepare(folder: string): void {
  tuneEngine();
  raisePriority();
  checkRunDir(folder);
}

async function live(agent: Agent | Flight): Promise<void> {
  const crash = (error: unknown) => {
    log(`crashed: ${traceOf(error)}`);
    agent.crash(error instanceof Error ? error.message : String(error));
    process.exit(EXIT_FAILED);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('SIGTERM', () => void agent.end('terminated'));
  process.on('SIGINT', () => void agent.end('interrupted'));
  process.on('SIGHUP', () => {}); // the login session is over; our client comes back or the lease ends
  await agent.start();
  await agent.ended;
  process.exit(0);
}

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'version') return void process.stdout.write(`${SONDE_VERSION}\n`);
  if (command.kind === 'serve') return serve(command.options);
  if (command.kind === 'unattended') return recordUnattended(command.folder, command.loader);
  process.stderr.write(`${command.problem}\n${USAGE}\n`);
  process.exitCode = EXIT_USAGE;
}

main().catch((error: unknown) => {
  const fault = faultOf(error);
  log(fault ? [fault.message, fault.hint, fault.detail].filter(Boolean).join('\n') : `crashed: ${traceOf(error)}`);
  process.exit(EXIT_FAILED);
});

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
