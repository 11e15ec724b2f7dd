/** A real session with a box, as the window's host runs it, with a stop watch. */
import { join } from 'node:path';
import { type Fault, type Signal } from '../../../remote-agent/protocol/index.ts';
import type { SessionView, StepView } from '../../../electron/bridge/contract.ts';
import type { AgentClient, Installation } from '../../../electron/device/index.ts';
import { liveDeps, type Session, startSession } from '../../../electron/session/index.ts';
import type { Box } from '../../device/box/boot.mjs';
import { NameWatch } from './name-watch.ts';
import { inBox } from './remote.ts';

/** A box that several builds share a computer with may take minutes. */
const LIMIT_MS = 600_000;
const ARTIFACTS_DIR = 'out/device';
/** Nothing of the person who runs the bench: no configuration, no agent. */
const PLACES = {
  configFile: '/dev/null',
  systemConfigFile: '/dev/null',
  systemKnownHostsFile: '/dev/null',
  agentSocket: '',
};

export class Observation {
  readonly faults: Fault[] = [];
  readonly recordingFile: string;
  /** From the call of startSession; null = not yet. */
  windowMs: number | null = null;
  namedMs: number | null = null;
  steps: readonly StepView[] = [];
  /** Set once it is live. */
  client: AgentClient | null = null;
  installation: Installation | null = null;
  private readonly box: Box;
  private readonly startedMs = performance.now();
  private readonly watch = new NameWatch();
  private readonly session: Session;
  private view: SessionView | null = null;

  /** Resolves when the probe runs. */
  static async start(box: Box, scratch: string, name: string, probe = 'cpu-profile'): Promise<Observation> {
    const knownHostsFile = join(scratch, `hosts-${box.port}`);
    await box.writeKnownHosts(knownHostsFile);
    const observation = new Observation(box, knownHostsFile, join(scratch, `${name}.sonde.mcap`), probe);
    await observation.until(() => observation.view?.kind === 'live');
    return observation;
  }

  private constructor(box: Box, knownHostsFile: string, recordingFile: string, probe: string) {
    this.box = box;
    this.recordingFile = recordingFile;
    const real = liveDeps({ artifactsDir: ARTIFACTS_DIR, recordingDir: '', recordingFile });
    const deps: typeof real = {
      ...real,
      install: async (...args) => (this.installation = await real.install(...args)),
      dial: async (...args) => (this.client = await real.dial(...args)),
    };
    const target = {
      destination: `root@${box.host}:${box.port}`,
      identityFiles: [box.users.root.identityFile],
      knownHostsFile,
      probes: [{ probe, options: {} }],
      places: PLACES,
    };
    this.session = startSession(target, deps, {
      onView: (view) => this.see(view),
      onSignals: async (signals) => this.hear(signals),
      onFault: (fault) => void this.faults.push(fault),
    });
  }

  /** Resolves when most samples so far have a name. */
  async named(): Promise<number> {
    await this.until(() => this.namedMs !== null);
    return this.namedMs ?? Number.NaN;
  }

  /** Bytes of the SSH channel's payload so far. */
  get receivedBytes(): number {
    return this.client?.receivedBytes ?? 0;
  }

  /**
   * Leaves a complete recording, and a box without us: the next tool must not be measured beside our last breath.
   * Resolves with how long that took after the session had ended.
   */
  async end(): Promise<number> {
    this.session.disconnect();
    const { fault } = await this.session.done;
    if (fault ?? this.faults[0]) throw new Error(`the session ended badly: ${JSON.stringify(fault ?? this.faults)}`);
    const ended = performance.now();
    const ours = `ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q ' ${this.installation?.dir}/'`;
    await inBox(this.box, `while ${ours}; do sleep 0.5; done`, LIMIT_MS);
    return performance.now() - ended;
  }

  private see(view: SessionView): void {
    this.view = view;
    if ('steps' in view) this.steps = view.steps;
  }

  private hear(signals: readonly Signal[]): void {
    const atMs = performance.now() - this.startedMs;
    for (const signal of signals) this.watch.take(signal);
    if (this.watch.samples > 0) this.windowMs ??= atMs;
    if (this.watch.mostAreNamed) this.namedMs ??= atMs;
  }

  private async until(isTrue: () => boolean): Promise<void> {
    const begun = performance.now();
    while (!isTrue()) {
      if (this.view?.kind === 'ended') throw new Error(`the session ended: ${JSON.stringify(this.view.fault)}`);
      if (performance.now() - begun > LIMIT_MS) throw new Error(`the session is still ${JSON.stringify(this.view)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
