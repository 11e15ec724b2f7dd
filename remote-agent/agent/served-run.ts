/** A run with all that belongs to it while it is served: its probes, its cost, and the link its records leave by. */
import { type Fault, faultOf, type KeepPlace, MAX_TRIGGERS, parseTrigger, SONDE_VERSION } from '../protocol/index.ts';
import type { ClientFrame } from '../protocol/generated/sonde_pb.ts';
import type { Taker } from './client/link.ts';
import { leaveOnDisk } from './flight/broken-off.ts';
import { LastSeconds } from './flight/last-seconds.ts';
import { Triggers } from './flight/triggers.ts';
import type { Cgroups } from './proc/cgroups.ts';
import { Probes } from './probes.ts';
import { clockRecord, costRecord } from './records.ts';
import { Run, type RunHost } from './run.ts';
import { monotonicNs, readClocks } from './self/clock.ts';
import { CostMeter } from './self/cost.ts';
import { optimizeEngine } from './self/engine.ts';
import { Governor } from './self/governor.ts';

/** For the symbol tables that were not read yet: what is named now is named in the recording. */
const LAST_NAMES_MS = 1500;
/** For what waits behind a slow link when the run ends. The client waits a little longer for the farewell. */
const LAST_RECORDS_MS = 5000;
const LOOK_MS = 20;

export interface RunSurroundings {
  readonly procRoot: string;
  readonly loader: string;
  readonly cgroups: Cgroups;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onEvent?: RunHost['onEvent'];
  /** Where its last minute is left when its client does not come back; null = nowhere. */
  readonly keep?: KeepPlace | null;
}

export class ServedRun {
  readonly run: Run;
  private readonly probes: Probes;
  private readonly cost: CostMeter;
  private readonly governor = new Governor();
  private readonly procRoot: string;
  private readonly now: () => number;
  private readonly keep: KeepPlace | null;
  private triggers: Triggers | null = null;
  private link: Taker | null = null;
  private sentBytes = 0;
  /** From the loaders, since the cost was last told. */
  private rows = 0;

  constructor({ procRoot, loader, cgroups, now, onEvent = () => undefined, keep = null }: RunSurroundings) {
    this.procRoot = procRoot;
    this.keep = keep;
    this.now = now;
    this.cost = new CostMeter(procRoot, monotonicNs());
    this.run = new Run({
      procRoot,
      cgroups,
      lastSeconds: keep && new LastSeconds(now),
      now,
      isLinkSlow: () => this.link !== null && this.run.spool.isBlocked,
      holdMs: () => this.governor.holdMs,
      onRecord: () => this.pump(),
      onEvent,
      onWindow: (window) => {
        this.rows += window.rows;
        this.triggers?.window(window);
      },
    });
    this.probes = new Probes(loader, this.run);
    this.tellClock();
  }

  /** Welcomes the client and goes on behind `lastSeq`, which must have been sent. */
  attach(link: Taker, lastSeq: bigint, leaseS: number): void {
    const { spool } = this.run;
    const again = spool.resume(lastSeq) ?? [];
    const nextSeq = again[0]?.seq ?? spool.lastSentSeq + 1n;
    const words = { agentVersion: SONDE_VERSION, runId: this.run.id, nextSeq, leaseS, pid: process.pid };
    link.say({ case: 'welcome', value: words });
    for (const record of again) link.sendRecord(record);
    this.link = link;
    this.pump();
  }

  detach(): void {
    this.link = null;
  }

  /** What a client may say once it is greeted. Returns what is wrong with it, or null. */
  hear(link: Taker, body: ClientFrame['body']): Fault | null {
    switch (body.case) {
      case 'ack':
        if (!this.run.spool.ack(body.value.seq))
          return outOfSync(`record ${body.value.seq} was confirmed and never sent`);
        this.pump();
        return null;
      case 'ping': {
        const { monotonicNs, realtimeNs } = readClocks(this.procRoot);
        link.say({ case: 'pong', value: { token: body.value.token, monotonicNs, realtimeNs } });
        return null;
      }
      case 'startProbe':
        void this.probes.start(body.value.probe, body.value.options);
        return null;
      case 'stopProbe':
        void this.probes.stop(body.value.probe, 'it was asked to stop');
        return null;
      case 'hello':
        return outOfSync('a second Hello came');
      case 'setTriggers':
        return this.setTriggers(body.value.triggers);
      case 'shutdown': // the agent's own business
      case undefined: // newer than this agent
        return null;
    }
  }

  /** In the place of those before. Returns what is wrong with one, or null. */
  setTriggers(texts: readonly string[]): Fault | null {
    try {
      this.triggers = new Triggers(texts.slice(0, MAX_TRIGGERS).map(parseTrigger), this.procRoot, this.now());
      return null;
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      return fault;
    }
  }

  /** Once a second. Every firing is in the run; true where there was one. */
  lookForTriggers(): boolean {
    const firings = this.triggers?.look(this.now()) ?? [];
    for (const { trigger, found } of firings) this.run.trigger(trigger, found);
    return firings.length > 0;
  }

  tellClock(): void {
    this.run.record(clockRecord(readClocks(this.procRoot)));
  }

  tellCost(): void {
    const cost = this.cost.take(monotonicNs(), this.probes.totals(), this.sentBytes, this.run.spool.bytes);
    this.run.record(costRecord(cost));
    const cpuNs = Number(cost.agentCpuNs + cost.loaderCpuNs);
    const change = this.governor.add(cpuNs, Number(cost.toNs - cost.fromNs), this.rows);
    this.rows = 0;
    if (this.governor.isOptimizing) optimizeEngine();
    if (change) this.run.note(change);
  }

  /** Resolves when the loaders are gone and their last windows recorded. */
  stopProbes(reason: string): Promise<void> {
    return this.probes.stopAll(reason);
  }

  /**
   * Resolves when the loaders are gone, their last windows are named and recorded, and all of it is on its way to the
   * client; with false where that could not be done in time, or nobody is there to take it.
   */
  async finish(reason: string): Promise<boolean> {
    await this.stopProbes(reason);
    this.tellCost();
    await this.run.finishNames(LAST_NAMES_MS);
    for (let waitedMs = 0; this.link && this.run.spool.hasPending && waitedMs < LAST_RECORDS_MS; waitedMs += LOOK_MS) {
      this.pump();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return this.link !== null && !this.run.spool.hasPending;
  }

  /** What is in memory waits on the disk instead for whoever comes next. Resolves with where; null = nowhere. */
  async leave(why: string): Promise<string | null> {
    const left = this.run.leftBehind();
    return left && this.keep ? leaveOnDisk(left, this.keep, why) : null;
  }

  private pump(): void {
    const { link } = this;
    if (!link) return;
    for (let record = this.run.spool.take(); record; record = this.run.spool.take()) {
      link.sendRecord(record);
      this.sentBytes += record.frame.length;
    }
  }
}

function outOfSync(what: string): Fault {
  return { code: 'out-of-sync', message: `cannot go on with this client: ${what}` };
}
