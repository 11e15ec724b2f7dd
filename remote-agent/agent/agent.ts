/**
 * The agent at work: one door, one client, one run. Wires the parts and owns what ends with the process.
 *
 *      socket ─▶ Link ─ Hello ─▶ ServedRun ┬ Run (dictionaries, spool) ◀─ windows ─ Probes ◀─ loaders
 *                  ◀──── records, in order ┴ cost, clock, governor
 */
import type { Socket } from 'node:net';
import type { Fault, KeepPlace } from '../protocol/index.ts';
import type { ClientFrame, Hello } from '../protocol/generated/sonde_pb.ts';
import { answerHello } from './client/handshake.ts';
import { clampLease, Lease } from './client/lease.ts';
import { Link } from './client/link.ts';
import { listen } from './client/listener.ts';
import { KallsymsFile } from './kallsyms-file.ts';
import type { Kallsyms } from './names/kallsyms.ts';
import { Cgroups, findCgroup2 } from './proc/cgroups.ts';
import type { Run } from './run.ts';
import { removeRunDir, socketIn } from './run-dir.ts';
import { HeapKeeper } from './self/heap.ts';
import { log } from './self/log.ts';
import { ServedRun } from './served-run.ts';

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
  /** Where the last minute of a session is left whose client does not come back; null = nowhere. */
  readonly keep: KeepPlace | null;
}

export class Agent {
  private readonly options: AgentOptions;
  private readonly lease: Lease;
  private readonly kallsymsFile: KallsymsFile;
  private readonly cgroups = new Cgroups(findCgroup2(PROC));
  private kallsyms: Kallsyms | null = null;
  private noKallsyms = '';
  private served: ServedRun | null = null;
  private link: Link | null = null;
  private readonly heap = new HeapKeeper(now());
  private isAbandoned = false;
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
    const isComplete = this.served ? await this.served.finish(reason) : true;
    // The farewell says that nothing was left behind; a client that does not hear it knows that its end is ragged.
    if (isComplete) this.link?.say({ case: 'farewell', value: { reason } });
    else log('the last records could not be delivered');
    if (this.isAbandoned) await this.leave(reason);
    this.link?.end();
    this.closeDoor();
    this.kallsymsFile.close();
    this.served?.run.close();
    await this.link?.closedWithin(FAREWELL_MS);
    removeRunDir(this.options.runDir);
    this.resolveEnd();
  }

  /** Nobody will come for what is in memory. */
  private async leave(why: string): Promise<void> {
    try {
      const place = await this.served?.leave(why);
      if (place) log(`the last of it lies in ${place}`);
    } catch (error) {
      log(`the last of it could not be left on the disk: ${(error as Error).message}`);
    }
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
    if (this.ending) return this.turnAway(link, { code: 'agent-start', message: 'the agent is ending' });
    const { served } = this;
    const isInUse = this.link !== null && now() - this.link.heardMs < IN_USE_MS;
    const current = served && { id: served.run.id, lastSentSeq: served.run.spool.lastSentSeq, isInUse };
    const answer = answerHello(hello, current);
    if (answer.kind === 'refuse') return this.turnAway(link, answer.fault);
    if (this.link) this.lose(this.link);
    if (hello.leaseS > 0) this.lease.seconds = clampLease(hello.leaseS);
    const serving = answer.kind === 'new-run' || !served ? this.newRun() : served;
    this.link = link;
    this.lease.linkUp();
    serving.attach(link, answer.kind === 'resume' ? answer.lastSeq : 0n, this.lease.seconds);
  }

  private newRun(): ServedRun {
    void this.served?.stopProbes('a new client came');
    this.served?.run.close();
    const { loader, keep } = this.options;
    this.served = new ServedRun({ procRoot: PROC, loader, cgroups: this.cgroups, now, keep });
    this.giveKallsyms(this.served.run);
    return this.served;
  }

  private hear(link: Link, body: ClientFrame['body']): void {
    if (!this.served || this.link !== link) return;
    if (this.ending && body.case !== 'ack' && body.case !== 'ping') return;
    if (body.case === 'shutdown') return void this.end(body.value.reason || 'the client ended it');
    const fault = this.served.hear(link, body);
    if (fault) this.turnAway(link, fault);
  }

  private turnAway(link: Link, fault: Fault): void {
    log(fault.message);
    link.sayFault(fault);
    link.end();
  }

  private lose(link: Link): void {
    this.link = null;
    this.served?.detach();
    this.lease.linkDown(now());
    link.destroy();
  }

  private tick(): void {
    this.ticks++;
    this.heap.tick(now());
    const { served } = this;
    const wasHeard = (this.link?.heardMs ?? 0) > this.tickedMs;
    this.tickedMs = now();
    const overdue = this.lease.overdue(this.tickedMs, wasHeard, served?.run.spool.hasUnconfirmed ?? false);
    if (overdue) {
      this.isAbandoned = true;
      return void this.end(overdue);
    }
    if (!served) return;
    served.lookForTriggers();
    if (this.ticks % COST_TICKS === 0) served.tellCost();
    if (this.ticks % CLOCK_TICKS === 0) served.tellClock();
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
