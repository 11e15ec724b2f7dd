/** Starts an agent and connects to it, or connects again to one that runs. */
import { randomBytes } from 'node:crypto';
import { logPath } from '../../remote-agent/protocol/agent-cli.ts';
import { type Fault, FaultError } from '../../remote-agent/protocol/fault.ts';
import type { AgentClient, AgentEnd, ResumePoint } from './agent-client.ts';
import { agentClient, AgentStream, type HelloWords } from './agent-stream.ts';
import { tellingLine } from './device-words.ts';
import { dialCommand, EXIT, EXIT_CONNECT, redialCommand, START_LIMIT_S } from './dial-script.ts';
import type { Installation } from './install.ts';
import type { RootShell } from './root-shell.ts';

export interface DialOptions {
  /** How long the agent outlives its link. */
  readonly leaseS: number;
  readonly clientVersion: string;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** The script on the device gives up first and says why; this is for a device that says nothing at all. */
const DIAL_LIMIT_MS = (START_LIMIT_S + 15) * 1000;
/** In the words of the C library's program loader: what our Node needs of the device is missing. */
const CANNOT_LINK = /error while loading shared libraries|version [`']\S+' not found/;
/** The agent is there; a busy box may leave it without a turn for a while. */
const REDIAL_LIMIT_MS = 30_000;

export async function dial(root: RootShell, installation: Installation, options: DialOptions): Promise<AgentClient> {
  const runDir = `${installation.dir}/run/${randomBytes(6).toString('hex')}`;
  const { node, agent, loader } = installation;
  const keep = { folder: `${installation.dir}/flight`, workstationMs: Date.now() };
  const command = dialCommand({ node, agent, loader, runDir, leaseS: options.leaseS, keep });
  const hello: HelloWords = { clientVersion: options.clientVersion, runId: '', lastSeq: 0, leaseS: options.leaseS };
  return await open(root, command, hello, { installation, runDir }, DIAL_LIMIT_MS, options);
}

/** Fault agent-crashed where the run is gone: dial() a new one then. */
export async function redial(root: RootShell, previous: ResumePoint, options: DialOptions): Promise<AgentClient> {
  const { installation, runDir, runId, lastSeq } = previous;
  const command = redialCommand(installation.loader, runDir);
  const hello: HelloWords = { clientVersion: options.clientVersion, runId, lastSeq, leaseS: options.leaseS };
  return await open(root, command, hello, { installation, runDir }, REDIAL_LIMIT_MS, options);
}

async function open(
  root: RootShell,
  command: string,
  hello: HelloWords,
  place: Pick<ResumePoint, 'installation' | 'runDir'>,
  limitMs: number,
  { signal, log = () => {} }: DialOptions,
): Promise<AgentClient> {
  const channel = await root.spawn(command, { signal });
  const stream = new AgentStream(channel, hello);
  const timer = setTimeout(
    () =>
      stream.stop({
        kind: 'lost',
        fault: { code: 'agent-start', message: `the agent did not answer within ${limitMs / 1000} s` },
      }),
    limitMs,
  );
  try {
    const first = await Promise.race([stream.welcome, stream.ended]);
    if ('kind' in first) throw new FaultError(await explain(first, channel.exit, stream, place, signal));
    if (hello.runId !== '' && first.runId !== hello.runId)
      throw new FaultError({ code: 'agent-crashed', message: 'another run of the agent answered' });
    log(`agent ${first.agentVersion}, pid ${first.pid}, lease ${first.leaseS} s`);
    return agentClient(stream, first, place);
  } catch (error) {
    stream.stop({ kind: 'closed' });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Why there was no Welcome. */
async function explain(
  end: AgentEnd,
  exit: Promise<{ code: number | null; signal: string | null }>,
  stream: AgentStream,
  { installation, runDir }: Pick<ResumePoint, 'installation' | 'runDir'>,
  signal: AbortSignal | undefined,
): Promise<Fault> {
  if (signal?.aborted) return { code: 'cancelled', message: 'starting the agent was cancelled' };
  if (end.kind === 'farewell')
    return { code: 'agent-start', message: `the agent would not talk: ${end.reason}`, ...stream.detail() };
  // A stream that cannot be understood is a reason of its own; the exit code says more about all others.
  if (end.kind === 'lost' && end.fault.code !== 'link-lost') return { ...stream.detail(), ...end.fault };
  const { code } = await exit;
  const detail = stream.detail();
  const said = tellingLine(stream.words) || 'it said nothing';
  const log = `Its log is ${logPath(runDir)} on the device.`;
  switch (code) {
    case null:
      return { code: 'link-lost', message: 'the connection ended while the agent was started', ...detail };
    case EXIT.noRunDir:
      return {
        code: /no space/i.test(stream.words) ? 'device-full' : 'device-readonly',
        message: `cannot make ${runDir} on the device`,
        ...detail,
      };
    case EXIT.noDaemon:
    case 126:
    case 127:
      return {
        code: 'loader-start',
        message: `cannot start the agent: ${said}`,
        hint: 'Remove Sonde from the device and connect again: everything is sent anew.',
        ...detail,
      };
    case EXIT.agentEnded:
      if (installation.ownNode && CANNOT_LINK.test(stream.words)) return { ...runtimeDoesNotRun(said), ...detail };
      return {
        code: 'agent-start',
        message: `the agent ended as soon as it was started: ${said}`,
        hint: 'The detail holds the end of its log.',
        ...detail,
      };
    case EXIT.agentSilent:
      return {
        code: 'agent-start',
        message: `the agent did not come up within ${START_LIMIT_S} s`,
        hint: 'The device may be short of memory or CPU: see free and top there.',
        ...detail,
      };
    case EXIT_CONNECT:
      return {
        code: 'agent-crashed',
        message: 'the agent is gone from the device',
        hint: 'Its lease was over, or it was ended. A new one is started by connecting again.',
        ...detail,
      };
    default:
      return { code: 'agent-start', message: `the agent hung up: ${said}`, hint: log, ...detail };
  }
}

function runtimeDoesNotRun(said: string): Fault {
  return {
    code: 'node-too-old',
    message: `cannot start the agent: the Node sent to the device does not run there: ${said}`,
    hint: 'It needs glibc 2.28 or newer, and libstdc++. Install libstdc++6, or Node 18 or newer, on the device.',
  };
}
