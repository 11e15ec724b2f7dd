/** Batches of a loader in, what a client makes of them out: row mapping, processes and names of a run, without a process. */
import { expect } from 'vitest';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { FlowDictionary } from '../../../remote-agent/agent/names/flow-dictionary.ts';
import { KernelFrames } from '../../../remote-agent/agent/names/kernel-frames.ts';
import { ModuleRegistry } from '../../../remote-agent/agent/names/module-registry.ts';
import { Symbols } from '../../../remote-agent/agent/names/symbols.ts';
import { UserFrames } from '../../../remote-agent/agent/names/user-frames.ts';
import { Cgroups } from '../../../remote-agent/agent/proc/cgroups.ts';
import { Files } from '../../../remote-agent/agent/proc/files.ts';
import { Lives } from '../../../remote-agent/agent/proc/lives.ts';
import { Processes } from '../../../remote-agent/agent/proc/processes.ts';
import { Threads } from '../../../remote-agent/agent/proc/threads.ts';
import { definitionsRecord, deviceRecord, windowRecord } from '../../../remote-agent/agent/records.ts';
import { type Batch, BatchBuilder } from '../../../remote-agent/agent/rows/batch.ts';
import { parseDescription, rowLayout } from '../../../remote-agent/agent/rows/row-layout.ts';
import { type MapperParts, RowMapper } from '../../../remote-agent/agent/rows/row-mapper.ts';
import { StackMapper } from '../../../remote-agent/agent/rows/stack-mapper.ts';
import {
  findProbe,
  parseBatchBegin,
  parseCounters,
  type Signal,
  SignalDecoder,
  WIRE,
  WireReader,
} from '../../../remote-agent/protocol/index.ts';
import { AgentView } from './agent-view.ts';
import * as wire from './wire-writer.mjs';

/** Everything of a run that is about names, and what a client makes of what it says. */
export class MappedRows {
  nowMs = 1000;
  readonly dictionary = new Dictionary();
  readonly flows = new FlowDictionary(this.dictionary);
  readonly symbols: Symbols;
  readonly kernel: KernelFrames;
  readonly mapper: RowMapper;
  private readonly decoder = new SignalDecoder();
  readonly signals: Signal[] = [];
  /** What each second since the start took on the wire. */
  readonly bytes: { definitions: number; window: number }[] = [];
  /** Of the next batch, and the second since boot at which it begins. */
  number = 0;
  readonly processes: Processes;
  private readonly parts: MapperParts;

  constructor(procRoot: string, probe: string) {
    const registry = new ModuleRegistry(this.dictionary, procRoot, () => this.nowMs);
    this.symbols = new Symbols(this.dictionary, procRoot, () => this.nowMs);
    this.kernel = new KernelFrames(this.dictionary, registry);
    this.processes = new Processes(this.dictionary, new Cgroups(''), procRoot);
    this.parts = {
      dictionary: this.dictionary,
      flows: this.flows,
      processes: this.processes,
      lives: new Lives(this.processes),
      threads: new Threads(this.dictionary, procRoot),
      stackMapper: new StackMapper(
        this.dictionary,
        this.processes,
        this.kernel,
        new UserFrames(this.dictionary, registry, this.symbols),
      ),
      files: new Files(procRoot),
    };
    this.mapper = this.mapperOf(probe);
    this.decode(deviceRecord({ runId: new Uint8Array(16) }));
  }

  /** For another probe of the same run. */
  mapperOf(probe: string): RowMapper {
    const manifest = findProbe(probe) ?? expect.fail(`no probe ${probe}`);
    return new RowMapper(manifest, rowLayout(parseDescription(JSON.stringify(wire.DESCRIPTION)), manifest), this.parts);
  }

  /** One batch a second, from `second` to the next. Returns what is then known to the kernel. */
  batch(plan: { stacks?: unknown[]; rows?: unknown[]; extra?: unknown }, mapper = this.mapper): number[] {
    const { number } = this;
    this.number += 1;
    this.bytes.push({ definitions: 0, window: 0 });
    this.nowMs += 1000;
    const window = mapper.map(
      build(wire.batch({ number, from: number * 1e9 + 1, to: number * 1e9 + 1e9, ...plan } as never)),
      this.nowMs,
    );
    this.tell();
    this.decode(windowRecord(window));
    return mapper.takeKnown(this.nowMs);
  }

  async nameAll(): Promise<void> {
    await this.symbols.run();
    this.tell();
  }

  tell(): void {
    const definitions = this.dictionary.take();
    const flows = this.flows.take();
    if (definitions || flows) this.decode(definitionsRecord(definitions, flows));
  }

  get view(): AgentView {
    return new AgentView(this.signals);
  }

  /** "comm(exe): frame;frame samples" */
  get told(): string[] {
    return this.view
      .rows()
      .map(({ process, frames, samples }) => `${process.comm}(${process.exe}): ${frames.join(';')} ${samples}`);
  }

  private decode({ kind, body }: { kind: Parameters<SignalDecoder['decodeRecord']>[0]; body: Uint8Array }): void {
    const second = this.bytes.at(-1);
    if (second && (kind === 'definitions' || kind === 'window')) second[kind] += body.length;
    const signal = this.decoder.decodeRecord(kind, body);
    if (signal) this.signals.push(signal);
  }
}

export function build(bytes: Buffer): Batch {
  const builder = new BatchBuilder();
  let batch: Batch | null = null;
  new WireReader().push(bytes, ({ type, batch: number, payload }) => {
    if (type === WIRE.batchBegin) builder.begin(number, parseBatchBegin(payload));
    if (type === WIRE.stacks) builder.addStacks(number, payload);
    if (type === WIRE.rows) builder.addRows(number, payload);
    if (type === WIRE.counters) builder.setCounters(number, parseCounters(payload));
    if (type === WIRE.batchEnd) batch = builder.end(number);
  });
  return batch ?? expect.fail('no batch');
}
