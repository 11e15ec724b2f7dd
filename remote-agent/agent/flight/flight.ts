/**
 * An unattended recording: a run that nobody is connected to. Begins what its plan says, takes every record onto the disk
 * (or what is around triggers), and ends by itself: at its time, its size, a full disk, or when no probe is left.
 */
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  findProbe,
  parseTrigger,
  probeOfTrigger,
  type UnattendedPlan,
  type UnattendedState,
  type UnattendedStatus,
} from '../../protocol/index.ts';
import { KallsymsFile } from '../kallsyms-file.ts';
import { Cgroups, findCgroup2 } from '../proc/cgroups.ts';
import type { What } from '../records.ts';
import { HeapKeeper } from '../self/heap.ts';
import { log } from '../self/log.ts';
import { ServedRun } from '../served-run.ts';
import { BlockFile } from './block-file.ts';
import { DiskTaker } from './disk-taker.ts';
import { refusal, spaceAt } from './free-space.ts';
import { StatusFile } from './status-file.ts';

const PROC = '/proc';
const TICK_MS = 1000;
const COST_TICKS = 2;
const CLOCK_TICKS = 10;
/** A window may be this late: the governor holds it for five seconds. */
const LATE_MS = 6000;
/** For the last windows and names: it stops before its size is reached. */
const LAST_WORDS_SHARE = 0.1;
const LAST_WORDS_BYTES = 1e6;

export interface FlightOptions {
  readonly folder: string;
  readonly loader: string;
  readonly plan: UnattendedPlan;
}

export class Flight {
  private readonly options: FlightOptions;
  private readonly served: ServedRun;
  private readonly file: BlockFile;
  private readonly taker: DiskTaker;
  private readonly statusFile: StatusFile;
  private readonly kallsyms: KallsymsFile;
  private readonly heap = new HeapKeeper(now());
  private readonly startMs = now();
  private readonly startedMs: number;
  /** What is not answered yet, and why others do not run. */
  private readonly asked: Set<string>;
  private readonly running = new Set<string>();
  private readonly began = new Set<string>();
  private readonly failures: string[] = [];
  private firings = 0;
  private ticks = 0;
  private state: UnattendedState = 'starting';
  private reason = '';
  private ticker: NodeJS.Timeout | null = null;
  private ending: Promise<void> | null = null;
  private resolveEnd: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.resolveEnd = resolve;
  });

  constructor(options: FlightOptions) {
    this.options = options;
    const { folder, loader, plan } = options;
    // What has passed since the plan came is the same on a clock that is wrong.
    this.startedMs = plan.workstationMs + Math.max(0, Date.now() - statSync(`${folder}/plan.json`).mtimeMs);
    const triggers = plan.triggers.map(parseTrigger);
    this.statusFile = new StatusFile(folder, now);
    this.kallsyms = new KallsymsFile(folder);
    this.file = new BlockFile(`${folder}/records`, plan.maxBytes, (bytes) => refusal(bytes, spaceAt(folder)));
    this.served = new ServedRun({
      procRoot: PROC,
      loader,
      cgroups: new Cgroups(findCgroup2(PROC)),
      now,
      onEvent: (probe, what) => this.heard(probe, what),
    });
    this.taker = new DiskTaker({
      file: this.file,
      ringMs: triggers.length === 0 ? null : plan.beforeS * 1000,
      confirm: (seq) => void this.served.hear(this.taker, { case: 'ack', value: { $typeName: 'sonde.v1.Ack', seq } }),
      now,
    });
    this.asked = new Set(plan.probes.map(({ probe }) => probe));
    for (const probe of triggers.map(probeOfTrigger))
      if (probe !== null && !this.asked.has(probe))
        this.failures.push(`a trigger needs the probe ${probe}, which is not recorded`);
  }

  start(): void {
    const { plan, loader } = this.options;
    this.served.attach(this.taker, 0n, 0);
    this.served.setTriggers(plan.triggers);
    this.served.run.note(beginning(plan));
    void this.kallsyms.load(loader).then((result) => {
      if (result.kind === 'table') this.served.run.useKallsyms(result.table);
      else this.served.run.note(`Kernel functions are shown as addresses: ${result.why}`);
    });
    for (const { probe, options } of plan.probes)
      this.served.hear(this.taker, {
        case: 'startProbe',
        value: { $typeName: 'sonde.v1.StartProbe', probe, options: { ...options } },
      });
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.tell();
  }

  /** Loaders with their last windows, names, the last block: then only the files are left. */
  end(reason: string): Promise<void> {
    this.ending ??= this.endNow(reason);
    return this.ending;
  }

  /** For a bug: no order can be trusted any more. Loaders end with us. */
  crash(reason: string): void {
    this.state = 'ended';
    this.reason = `the agent crashed: ${reason}`;
    this.tell();
  }

  private async endNow(reason: string): Promise<void> {
    log(`ending: ${reason}`);
    if (this.ticker) clearInterval(this.ticker);
    this.reason = reason;
    this.served.run.note(`the unattended recording ends: ${reason}`);
    await this.served.finish(reason);
    await this.taker.flush();
    this.served.run.close();
    this.file.close();
    this.kallsyms.close();
    this.state = 'ended';
    this.tell();
    this.resolveEnd();
  }

  private tick(): void {
    this.ticks++;
    const nowMs = now();
    this.heap.tick(nowMs);
    if (this.ticks % COST_TICKS === 0) this.served.tellCost();
    if (this.ticks % CLOCK_TICKS === 0) this.served.tellClock();
    if (this.served.lookForTriggers()) this.keep();
    this.taker.tick();
    const over = this.overdue(nowMs);
    if (over !== '') return void this.end(over);
    this.statusFile.tell(this.status());
  }

  private overdue(nowMs: number): string {
    const { forS, maxBytes } = this.options.plan;
    if (this.file.problem !== '') return this.file.problem;
    if (nowMs - this.startMs >= forS * 1000) return 'its time is over';
    if (this.file.bytes >= maxBytes - Math.min(LAST_WORDS_BYTES, maxBytes * LAST_WORDS_SHARE))
      return 'its size is reached';
    return this.asked.size === 0 && this.running.size === 0 ? `no probe runs: ${this.failures.join('; ')}` : '';
  }

  private keep(): void {
    this.firings++;
    const { passedWindows } = this.taker;
    if (passedWindows > 0) this.served.run.note(`${passedWindows} windows since the last trigger were not kept`);
    this.taker.keep(this.options.plan.afterS * 1000 + LATE_MS);
    this.tell();
  }

  private heard(probe: string, what: What): void {
    this.asked.delete(probe);
    if (what.case === 'started') {
      this.running.add(probe);
      this.began.add(probe);
    }
    if (what.case === 'stopped' || what.case === 'failed') this.running.delete(probe);
    if (what.case === 'failed') this.failures.push(`${findProbe(probe)?.title ?? probe}: ${what.value?.message ?? ''}`);
    if (this.asked.size > 0 || this.state !== 'starting') return;
    this.state = 'recording';
    this.tell();
  }

  private tell(): void {
    this.statusFile.tell(this.status(), true);
  }

  private status(): UnattendedStatus {
    const { plan } = this.options;
    return {
      id: plan.id,
      origin: 'order',
      state: this.state,
      reason: this.state === 'ended' ? this.reason : '',
      hostname: hostname(),
      destination: plan.destination,
      pid: process.pid,
      startedMs: this.startedMs,
      seconds: (now() - this.startMs) / 1000,
      bytes: this.file.bytes,
      maxBytes: plan.maxBytes,
      forS: plan.forS,
      probes: [...this.began],
      failures: this.failures,
      triggers: plan.triggers,
      firings: this.firings,
    };
  }
}

function beginning({ triggers, beforeS, afterS }: UnattendedPlan): string {
  if (triggers.length === 0) return 'an unattended recording begins: all is kept';
  return `an unattended recording begins: windows are kept from ${beforeS} s before to ${afterS} s after ${triggers.join(' or ')}`;
}

/** Monotonic milliseconds. */
function now(): number {
  return performance.now();
}
