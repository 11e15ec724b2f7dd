/** From a destination to an agent that answers: every step reported, nothing half-done left behind. */
import { type Fault, FaultError, faultOf } from '../../remote-agent/protocol/index.ts';
import type { StepId } from '../bridge/contract.ts';
import type { AgentClient, DeviceFacts, Installation, InstallProgress, RootShell } from '../device/index.ts';
import type { Ask, SshConnection, SshTarget } from '../ssh/index.ts';
import type { SessionDeps } from './deps.ts';
import type { StepChange } from './steps.ts';
import { within } from './within.ts';

export interface Reached {
  readonly ssh: SshConnection;
  readonly facts: DeviceFacts;
  readonly root: RootShell;
  readonly installation: Installation;
  readonly agent: AgentClient;
}

export interface ReachOptions {
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly onStep: (change: StepChange) => void;
}

/** Rejects with a FaultError; what it had opened is closed then. */
export async function reachDevice(
  target: SshTarget,
  deps: SessionDeps,
  { ask, signal, onStep }: ReachOptions,
): Promise<Reached> {
  const report = new Reporter(onStep);
  report.running('ssh', `connecting to ${target.destination}`);
  const ssh = await deps.connect(target, { ask, signal, log: (line) => report.running('ssh', line) });
  try {
    report.done('ssh', `${ssh.user}@${ssh.remoteAddress}, ${ssh.authenticatedBy}`);
    report.running('detect');
    const facts = await deps.detect(ssh, { signal });
    report.done('detect', `${facts.hostname}: ${facts.osName}, Linux ${facts.kernelRelease}, ${facts.machine}`);
    report.running('become-root');
    const root = await deps.becomeRoot(ssh, facts, ask, { signal });
    report.done('become-root', HOW_ROOT[root.how]);
    const artifacts = await deps.findArtifacts(facts.arch);
    const installation = await deps.install(root, facts, artifacts, {
      signal,
      onProgress: (progress) => report.upload(progress),
    });
    report.running('start-agent', `Node ${installation.nodeVersion}`);
    const agent = await deps.dial(root, installation, {
      signal,
      leaseS: deps.leaseS,
      clientVersion: deps.clientVersion,
    });
    report.done('start-agent', `Node ${installation.nodeVersion}, process ${agent.welcome.pid}`);
    return { ssh, facts, root, installation, agent };
  } catch (error) {
    // Where the whole connection has ended, it knows better why than what was going on over it.
    const why = await Promise.race([ssh.closed, Promise.resolve(null)]);
    await within(HANG_UP_MS, ssh.close(), deps.clock);
    const fault = faultOf(error);
    throw why && fault?.code === 'link-lost' ? new FaultError({ ...why, detail: fault.message }) : error;
  }
}

/** The link itself may be what failed. */
const HANG_UP_MS = 500;

const HOW_ROOT: Readonly<Record<RootShell['how'], string>> = {
  root: 'logged in as root',
  sudo: 'sudo without a password',
  'sudo-password': 'sudo with a password',
  doas: 'doas',
};

class Reporter {
  readonly #onStep: (change: StepChange) => void;

  constructor(onStep: (change: StepChange) => void) {
    this.#onStep = onStep;
  }

  running(id: StepId, detail: string | null = null): void {
    this.#onStep({ id, state: 'running', detail, progress: null });
  }

  done(id: StepId, detail: string): void {
    this.#onStep({ id, state: 'done', detail, progress: null });
  }

  upload({ file, state, sentBytes, totalBytes, detail }: InstallProgress): void {
    const progress = totalBytes > 0 ? Math.min(1, sentBytes / totalBytes) : null;
    this.#onStep({ id: `upload-${file}`, state: state === 'sending' ? 'running' : state, detail, progress });
    // The last file: what follows until the agent is started belongs to starting it.
    if (file === 'agent' && state !== 'sending') this.running('start-agent', 'looking over what was sent');
  }
}

/** The fault in `error`; a bug goes on being thrown. */
export function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (fault) return fault;
  throw error;
}
