/** The probes that run for one run, by manifest id. */
import { execFileSync } from 'node:child_process';
import {
  type Fault,
  faultOf,
  faultToWire,
  findProbe,
  type ProbeManifest,
  raise,
  wrapFault,
} from '../protocol/index.ts';
import { effectiveOptions, optionArguments } from './loader/options.ts';
import { ProbeRunner } from './loader/probe-runner.ts';
import { type LoaderDescription, parseDescription, rowLayout } from './rows/row-layout.ts';
import type { Run } from './run.ts';
import type { LoaderTotals } from './self/cost.ts';
import { log } from './self/log.ts';

const DESCRIBE_TIMEOUT_MS = 5000;

export class Probes {
  private readonly loader: string;
  private readonly run: Run;
  private readonly runners = new Map<string, ProbeRunner>();
  private turn = Promise.resolve();
  /** Probes that ended keep their cost, or the totals would go backwards. */
  private spentCpuNs = 0n;
  private spentBpfCpuNs = 0n;

  constructor(loader: string, run: Run) {
    this.loader = loader;
    this.run = run;
  }

  /** Every outcome is an event of the run: started, or failed with the reason. Asking twice is asking once. */
  start(id: string, asked: Readonly<Record<string, string>>): Promise<void> {
    return this.inTurn(() => this.startNow(id, asked));
  }

  stop(id: string, reason: string): Promise<void> {
    return this.inTurn(() => this.stopNow(id, reason));
  }

  stopAll(reason: string): Promise<void> {
    return this.inTurn(async () => {
      await Promise.all([...this.runners.keys()].map((id) => this.stopNow(id, reason)));
    });
  }

  /** One request after the other: stopping takes seconds, and a start may follow at once. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }

  private async startNow(id: string, asked: Readonly<Record<string, string>>): Promise<void> {
    try {
      const manifest = findProbe(id) ?? raise('probe-unknown', `there is no probe ${id.slice(0, 60)}`);
      const options = effectiveOptions(manifest, asked);
      const old = this.runners.get(id);
      if (old && !old.hasEnded && JSON.stringify(old.options) === JSON.stringify(options)) return;
      if (old) await this.stopNow(id, 'it is started with other options');
      this.launch(manifest, options);
    } catch (error) {
      this.run.event(id, { case: 'failed', value: faultToWire({ ...expected(error), probe: id }) });
    }
  }

  private async stopNow(id: string, reason: string): Promise<void> {
    const runner = this.runners.get(id);
    if (!runner) return;
    await runner.stop(reason);
    if (this.runners.get(id) !== runner) return;
    this.runners.delete(id);
    this.spentCpuNs += runner.cpuNs;
    this.spentBpfCpuNs += runner.bpfCpuNs;
  }

  totals(): LoaderTotals {
    const totals = { cpuNs: this.spentCpuNs, bpfCpuNs: this.spentBpfCpuNs, residentBytes: 0n, mapBytes: 0n };
    for (const runner of this.runners.values()) {
      totals.cpuNs += runner.cpuNs;
      totals.bpfCpuNs += runner.bpfCpuNs;
      totals.residentBytes += runner.residentBytes;
      totals.mapBytes += runner.mapBytes;
    }
    return totals;
  }

  private launch(manifest: ProbeManifest, options: Readonly<Record<string, string>>): void {
    const description = describe(this.loader);
    const loaderArguments = optionArguments(manifest, options, description.machine);
    const mapper = this.run.rowMapper(manifest, rowLayout(description, manifest));
    const runner = new ProbeRunner(manifest, options, this.loader, loaderArguments, {
      event: (probe, what) => this.run.event(probe, what),
      batch: (batch) => this.run.commit(mapper, batch),
      note: (text) => this.run.note(text),
      log,
    });
    this.runners.set(manifest.id, runner);
    runner.start();
  }
}

/** Takes a millisecond: the loader is small and static. */
function describe(loader: string): LoaderDescription {
  try {
    return parseDescription(
      execFileSync(loader, ['describe'], {
        encoding: 'utf8',
        timeout: DESCRIBE_TIMEOUT_MS,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch (error) {
    if (faultOf(error)) throw error;
    return raise('loader-start', `cannot use the loader: ${(error as Error).message}`);
  }
}

function expected(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return wrapFault('cannot start the probe', fault);
}
