/**
 * The agent at work: one door, one client, one run. Wires the parts and owns what ends with the process.
 *
 *      socket ─▶ Link ─ Hello ─▶ Run (dictionaries, spool) ◀─ windows ─ Probes ◀─ loaders
 *                  ◀──────── records, in order ───────╯
 */
import type { Socket } from 'node:net';
import { type Fault, SONDE_VERSION } from '../protocol/index.ts';
import type { ClientFrame, Hello } from '../protocol/generated/sonde_pb.ts';
import { answerHello } from './client/handshake.ts';
import { clampLease, Lease } from './client/lease.ts';
import { Link } from './client/link.ts';
import { listen } from './client/listener.ts';
import { KallsymsFile } from './kallsyms-file.ts';
import type { Kallsyms } from './names/kallsyms.ts';
import { Cgroups, findCgroup2 } from './proc/cgroups.ts';
import { Probes } from './probes.ts';
import { clockRecord, costRecord } from './records.ts';
import { Run } from './run.ts';
import { removeRunDir, socketIn } from './run-dir.ts';
import { monotonicNs, readClocks } from './self/clock.ts';
import { CostMeter } from './self/cost.ts';
import { Governor } from './self/governor.ts';
import { HeapKeeper } from './self/heap.ts';
import { log } from './self/log.ts';

const PROC = '/proc';
const TICK_MS = 1000;
const COST_TICKS = 2;
const CLOCK_TICKS = 10;
/** A connection that does not say who it is: a scanner, or a client that died in between. */
const HELLO_TIMEOUT_MS = 10_000;
/** A client that was silent for this long may be replaced by a new one. */
const IN_USE_MS = 30_000;
/** How long the last words may take to leave. */
const FAREWELL_MS = 1000;

export interface AgentOptions {
  readonly runDir: string;
  readonly loader: string;
  readonly leaseS: number;
}

/** All that belongs to one client's run. */
interface Served {
  readonly run: Run;
  readonly probes: Probes;
  readonly cost: CostMeter;
  readonly governor: Governor;
  sentBytes: number;
}

export class Agent {
  private readonly options: AgentOptions;
  private readonly lease: Lease;
  private readonly kallsymsFile: KallsymsFile;
  private readonly cgroups = new Cgroups(findCgroup2(PROC));
  private kallsyms: Kallsyms | null = null;
  private noKallsyms = '';
  private served: Served | null = null;
  private link: Link | null = null;
  private readonly heap = new HeapKeeper(now());
  private ticks = 0;
  private tickedMs = 0;
  private ticker: NodeJS.Timeout | null = null;
  private closeDoor = () => {};
  private ending: Promise<void> | null = null;
  private resolveEnd: () => void = () => {};
  /** Resolves when everything is put away. */
  readonly ended = new Promise<void>((resolve) => {
    this.resolveEnd = resolve;
  });

  constructor(options: AgentOptions) {
    this.options = options;
    this.lease = new Lease(now(), options.leaseS);
    this.kallsymsFile = new KallsymsFile(options.runDir);
  }

  async start(): Promise<void> {
    const door = await listen(socketIn(this.options.runDir), (socket) => this.visit(socket));
    this.closeDoor = door.close;
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    void this.loadKallsyms();
  }

  /** Ends everything in order: loaders with their last windows, farewell, socket, files. */
  end(reason: string): Promise<void> {
    this.ending ??= this.endNow(reason);
    return this.ending;
  }

  /** For a bug: no order can be trusted any more. Loaders end with us. */
  crash(reason: string): void {
    this.link?.say({ case: 'farewell', value: { reason: `crashed: ${reason}` } });
    this.closeDoor();
    this.kallsymsFile.close();
  }

  private async endNow(reason: string): Promise<void> {
    log(`ending: ${reason}`);
    if (this.ticker) clearInterval(this.ticker);
    await this.served?.probes.stopAll(reason);
    this.link?.say({ case: 'farewell', value: { reason } });
    this.link?.end();
    this.closeDoor();
    this.kallsymsFile.close();
    this.served?.run.close();
    await this.link?.closedWithin(FAREWELL_MS);
    removeRunDir(this.options.runDir);
    this.resolveEnd();
  }

  private visit(socket: Socket): void {
    let isKnown = false;
    const impatience = setTimeout(() => link.destroy(), HELLO_TIMEOUT_MS);
    const link: Link = new Link(socket, now, {
      onFrame: ({ body }) => {
        if (isKnown) return this.hear(link, body);
        if (body.case !== 'hello') return link.destroy();
        clearTimeout(impatience);
        isKnown = true;
        this.greet(link, body.value);
      },
      onClose: (fault) => {
        clearTimeout(impatience);
        if (fault) log(fault.message);
        if (this.link === link) this.lose(link);
      },
    });
  }

  private greet(link: Link, hello: Hello): void {
    const { served } = this;
    const isInUse = this.link !== null && now() - this.link.heardMs < IN_USE_MS;
    const answer = answerHello(hello, served && { id: served.run.id, lastSentSeq: served.run.spool.lastSentSeq, isInUse });
    if (answer.kind === 'refuse' || this.ending) {
      if (answer.kind === 'refuse') link.sayFault(answer.fault);
      return link.end();
    }
    if (this.link) this.lose(this.link);
    if (hello.leaseS > 0) this.lease.seconds = clampLease(hello.leaseS);
    const current = answer.kind === 'new-run' || !served ? this.newRun() : served;
    const again = current.run.spool.resume(answer.kind === 'resume' ? answer.lastSeq : 0n) ?? [];
    link.say({ case: 'welcome', value: { agentVersion: SONDE_VERSION, runId: current.run.id, nextSeq: again[0]?.seq ?? current.run.spool.lastSentSeq + 1n, leaseS: this.lease.seconds, pid: process.pid } });
    for (const { frame } of again) link.sendRecord(frame);
    this.link = link;
    this.lease.linkUp();
    this.pump();
  }

  private newRun(): Served {
    const old = this.served;
    if (old) {
      old.run.close();
      void old.probes.stopAll('a new client came');
    }
    const governor = new Governor();
    const run = new Run({
      procRoot: PROC,
      cgroups: this.cgroups,
      now,
      isLinkSlow: () => this.link !== null && run.spool.isBlocked,
      holdMs: () => governor.holdMs,
      onRecord: () => this.pump(),
    });
    this.served = { run, probes: new Probes(this.options.loader, run), cost: new CostMeter(PROC, monotonicNs()), governor, sentBytes: 0 };
    run.record(clockRecord(readClocks(PROC)));
    this.giveKallsyms(run);
    return this.served;
  }

  private hear(link: Link, body: ClientFrame['body']): void {
    const { served } = this;
    if (!served || this.link !== link || this.ending) return;
    switch (body.case) {
      case 'ack':
        if (!served.run.spool.ack(body.value.seq)) return this.refuse(link, `record ${body.value.seq} was confirmed and never sent`);
        return this.pump();
      case 'ping': {
        const { monotonicNs: monotonic, realtimeNs } = readClocks(PROC);
        return link.say({ case: 'pong', value: { token: body.value.token, monotonicNs: monotonic, realtimeNs } });
      }
      case 'startProbe':
        return void served.probes.start(body.value.probe, body.value.options);
      case 'stopProbe':
        return void served.probes.stop(body.value.probe, 'it was asked to stop');
      case 'shutdown':
        return void this.end(body.value.reason || 'the client ended it');
      case 'hello':
        return this.refuse(link, 'a second Hello came');
      case undefined:
        return; // newer than this agent
    }
  }

  private refuse(link: Link, what: string): void {
    const fault: Fault = { code: 'out-of-sync', message: `cannot go on with this client: ${what}` };
    log(fault.message);
    link.sayFault(fault);
    link.end();
  }

  private lose(link: Link): void {
    this.link = null;
    this.lease.linkDown(now());
    link.destroy();
  }

  private pump(): void {
    const { link, served } = this;
    if (!link || !served) return;
    for (let record = served.run.spool.take(); record; record = served.run.spool.take()) {
      link.sendRecord(record.frame);
      served.sentBytes += record.frame.length;
    }
  }

  private tick(): void {
    this.ticks++;
    this.heap.tick(now());
    const { served } = this;
    const wasHeard = (this.link?.heardMs ?? 0) > this.tickedMs;
    this.tickedMs = now();
    const overdue = this.lease.overdue(this.tickedMs, wasHeard, served?.run.spool.hasUnconfirmed ?? false);
    if (overdue) return void this.end(overdue);
    if (!served) return;
    if (this.ticks % COST_TICKS === 0) this.tellCost(served);
    if (this.ticks % CLOCK_TICKS === 0) served.run.record(clockRecord(readClocks(PROC)));
  }

  private tellCost({ run, probes, cost, governor, sentBytes }: Served): void {
    const measured = cost.take(monotonicNs(), probes.totals(), sentBytes, run.spool.bytes);
    run.record(costRecord(measured));
    const change = governor.add(Number(measured.agentCpuNs + measured.loaderCpuNs), Number(measured.toNs - measured.fromNs));
    if (change) run.note(change);
  }

  private async loadKallsyms(): Promise<void> {
    const result = await this.kallsymsFile.load(this.options.loader);
    if (result.kind === 'table') this.kallsyms = result.table;
    else this.noKallsyms = result.why;
    if (this.served) this.giveKallsyms(this.served.run);
  }

  private giveKallsyms(run: Run): void {
    if (this.kallsyms) run.useKallsyms(this.kallsyms);
    else if (this.noKallsyms) run.note(`Kernel functions are shown as addresses: ${this.noKallsyms}`);
  }
}

/** Monotonic milliseconds. */
function now(): number {
  return performance.now();
}
