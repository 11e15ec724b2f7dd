/**
 * Keeps one probe running: starts its loader, hands on what it says, starts it again when it crashed. A restart is told
 * when the new loader runs; `failed` is told when nothing more will be tried.
 *
 *      starting ── ready ──▶ running ── crash ──▶ waiting ── back-off over ──▶ starting
 *          │                    │                    │ (3 times a minute, then it has failed)
 *          ╰─ fault ─▶ ended ◀──┴── stop ────────────╯
 */
import { type Fault, faultToWire, type ProbeManifest, type WireCost, type WireReady } from '../../protocol/index.ts';
import type { What } from '../records.ts';
import type { Batch } from '../rows/batch.ts';
import { LoaderProcess } from './loader-process.ts';

const MAX_RESTARTS = 3;
const RESTART_WINDOW_MS = 60_000;
const FIRST_BACKOFF_MS = 500;

export interface ProbeSink {
  event(probe: string, what: What): void;
  /** Returns process ids whose mappings are now known. */
  batch(batch: Batch): readonly number[];
  note(text: string): void;
  log(words: string): void;
}

export class ProbeRunner {
  /** CPU time of all loaders this probe has had. */
  cpuNs = 0n;
  bpfCpuNs = 0n;
  residentBytes = 0n;
  mapBytes = 0n;
  readonly options: Readonly<Record<string, string>>;
  private readonly manifest: ProbeManifest;
  private readonly loader: string;
  private readonly loaderArguments: readonly string[];
  private readonly sink: ProbeSink;
  private process: LoaderProcess | null = null;
  private timer: NodeJS.Timeout | null = null;
  private restartsMs: number[] = [];
  private hasRun = false;
  /** Why the loader is being started again. */
  private restartReason = '';
  private lastCost: WireCost | null = null;
  private isStopping = false;
  hasEnded = false;

  /** `options` as they are told, `loaderArguments` as the loader takes them. */
  constructor(
    manifest: ProbeManifest,
    options: Readonly<Record<string, string>>,
    loader: string,
    loaderArguments: readonly string[],
    sink: ProbeSink,
  ) {
    this.manifest = manifest;
    this.options = options;
    this.loader = loader;
    this.loaderArguments = loaderArguments;
    this.sink = sink;
  }

  start(): void {
    this.lastCost = null;
    this.process = new LoaderProcess(this.loader, this.manifest.id, this.loaderArguments, {
      onReady: (ready) => this.ready(ready),
      onBatch: (batch) => this.process?.tellKnown(this.sink.batch(batch)),
      onWorker: ({ waitStatus }) =>
        this.event({
          case: 'restarted',
          value: { reason: `the drain worker ended with wait status ${waitStatus}; nothing was lost` },
        }),
      onCost: (cost) => this.addCost(cost),
      onNote: (text) => this.sink.note(`${this.manifest.title}: ${text}`),
      onWords: (words) => this.sink.log(words),
      onEnd: (fault, how) => this.ended(fault, how),
    });
  }

  /** Resolves when the loader is gone and its last window is recorded. */
  async stop(reason: string): Promise<void> {
    if (this.isStopping) return;
    this.isStopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.process?.stop();
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.event({ case: 'stopped', value: { reason } });
  }

  private ready({ cpus, mapBytes }: WireReady): void {
    this.mapBytes = mapBytes;
    if (this.hasRun) this.event({ case: 'restarted', value: { reason: this.restartReason } });
    else this.event({ case: 'started', value: { options: { ...this.options }, mapBytes, cpus } });
    this.hasRun = true;
  }

  private addCost(cost: WireCost): void {
    this.cpuNs += cost.cpuNs - (this.lastCost?.cpuNs ?? 0n);
    this.bpfCpuNs += cost.bpfCpuNs - (this.lastCost?.bpfCpuNs ?? 0n);
    this.residentBytes = cost.residentBytes;
    this.lastCost = cost;
  }

  private ended(fault: Fault | null, how: string): void {
    this.process = null;
    this.residentBytes = 0n;
    this.mapBytes = 0n;
    if (this.isStopping) return;
    if (fault) this.fail(fault);
    else this.crashed(how);
  }

  private crashed(how: string): void {
    const now = performance.now();
    this.restartsMs = this.restartsMs.filter((at) => now - at < RESTART_WINDOW_MS);
    const message = `${this.manifest.id} was interrupted: the loader ended ${how}`;
    if (this.restartsMs.length >= MAX_RESTARTS) return this.fail(this.hopeless(message));
    this.sink.log(message);
    this.restartReason = `the loader ended ${how} and was started again; samples in between are missing`;
    this.timer = setTimeout(() => this.start(), FIRST_BACKOFF_MS * 2 ** this.restartsMs.length);
    this.restartsMs.push(now);
  }

  private hopeless(message: string): Fault {
    return {
      code: 'loader-crashed',
      message: `${message}, ${MAX_RESTARTS + 1} times within a minute`,
      hint: 'Is the device out of memory? Its log (dmesg) may tell.',
      probe: this.manifest.id,
    };
  }

  private fail(fault: Fault): void {
    this.hasEnded = true;
    this.event({ case: 'failed', value: faultToWire(fault) });
  }

  private event(what: What): void {
    this.sink.event(this.manifest.id, what);
  }
}
