/**
 * From a batch of the loader to a window, by the probe's row layout and manifest alone. Order matters where a program
 * replaced itself within the batch: rows with plain addresses are older than what /proc says now and are mapped with
 * what was known, then rows with build-ids, then those without a user stack.
 */
import { create } from '@bufbuild/protobuf';
import {
  addLost,
  type ProbeManifest,
  raise,
  SPACE,
  type WireCounters,
  WindowMemory,
  WindowSum,
} from '../../protocol/index.ts';
import { type Counters, CountersSchema } from '../../protocol/generated/sonde_pb.ts';
import type { Dictionary } from '../names/dictionary.ts';
import type { FlowDictionary } from '../names/flow-dictionary.ts';
import { type Files, NO_FILE } from '../proc/files.ts';
import type { Lives } from '../proc/lives.ts';
import type { Process } from '../proc/process.ts';
import type { Processes } from '../proc/processes.ts';
import type { Thread, Threads } from '../proc/threads.ts';
import type { Batch } from './batch.ts';
import { Cells, type Named } from './cells.ts';
import { NO_SPACE, Owners } from './owners.ts';
import type { RowLayout } from './row-layout.ts';
import { RowRun } from './row-run.ts';
import { StackIndex } from './stack-index.ts';
import { StackNodes } from './stack-nodes.ts';
import { REFUSED, type StackMapper } from './stack-mapper.ts';
import { Unsettled } from './unsettled.ts';

const ROW_ORDER = [SPACE.user, SPACE.userBuildId, NO_SPACE] as const;

/** What rows are mapped with; all of one run. */
export interface MapperParts {
  readonly dictionary: Dictionary;
  readonly flows: FlowDictionary;
  readonly processes: Processes;
  readonly lives: Lives;
  readonly threads: Threads;
  readonly stackMapper: StackMapper;
  readonly files: Files;
}

/** What all rows of one batch have in common. */
interface Mapping {
  readonly window: WindowSum;
  readonly stacks: StackIndex;
  readonly nodes: StackNodes;
  readonly nowMs: number;
}

export class RowMapper {
  private readonly manifest: ProbeManifest;
  private readonly layout: RowLayout;
  private readonly parts: MapperParts;
  private readonly owners: Owners;
  private readonly cells: Cells;
  private readonly hasStacks: boolean;
  private readonly memory: WindowMemory;
  /**
   * Of the last batch. The engine forgets the shape of objects of which none is left when it collects, and with it the
   * code it made for them: half of the time then goes into making it anew.
   */
  private kept: unknown;
  /** Of the row that is being written: one object for all of them. */
  private readonly named: Named = { thread: 0, stack: 0, flow: 0, file: NO_FILE };
  /** Processes whose mappings were read and that the kernel still samples with build-ids. */
  private toldKnown = new Set<Process>();

  constructor(manifest: ProbeManifest, layout: RowLayout, parts: MapperParts) {
    this.manifest = manifest;
    this.layout = layout;
    this.parts = parts;
    this.owners = new Owners(layout, parts.processes, parts.lives, parts.threads);
    this.cells = new Cells(layout);
    this.memory = new WindowMemory(manifest);
    this.hasStacks = layout.userStack >= 0 || layout.kernelStack >= 0;
  }

  get hasFlows(): boolean {
    return this.layout.flow >= 0;
  }

  map(batch: Batch, nowMs: number): WindowSum {
    const runs = batch.rows.map((payload) => new RowRun(payload, this.layout.size));
    const facts = {
      fromNs: batch.fromNs < batch.toNs ? batch.fromNs : batch.toNs - 1n,
      toNs: batch.toNs,
      counters: wireCounters(batch.counters),
      drains: 1,
    };
    const rows = batch.rows.reduce((sum, { length }) => sum + length, 0) / this.layout.size;
    const window = new WindowSum(this.manifest, facts, rows, this.memory);
    const stacks = new StackIndex(batch.stacks);
    const mapping = { window, stacks, nodes: new StackNodes(stacks.count), nowMs };
    this.kept = { mapping, runs };
    if (this.layout.life >= 0) this.addByLife(mapping, runs, Number(batch.fromNs));
    else this.addBySpace(mapping, runs);
    if (this.hasFlows) this.parts.flows.forgetEnded(nowMs);
    return window;
  }

  /** Process ids to send as WIRE_KNOWN now. */
  takeKnown(nowMs: number): number[] {
    const known = [...this.toldKnown];
    this.toldKnown.clear();
    for (const process of known) process.knownSentMs = nowMs;
    return known.map(({ pid }) => pid);
  }

  private addBySpace(mapping: Mapping, runs: readonly RowRun[]): void {
    const step = this.layout.size / 4;
    for (const space of this.layout.userStack < 0 ? [NO_SPACE] : ROW_ORDER)
      for (const run of runs)
        for (let at = 0; at < run.words.length; at += step)
          if (this.spaceOf(run, at) === space) this.addRow(mapping, run, at, space);
  }

  private addByLife(mapping: Mapping, runs: readonly RowRun[], fromNs: number): void {
    const step = this.layout.size / 4;
    const unsettled = new Unsettled();
    for (const run of runs)
      for (let at = 0; at < run.words.length; at += step) {
        const space = this.spaceOf(run, at);
        const isOwned = !this.isOwnerless(run, at);
        const thread = isOwned ? this.owners.of(run, at, space, mapping.nowMs) : null;
        if (thread || !isOwned) this.addOf(thread, mapping, run, at, space);
        else unsettled.add(run, at, this.owners.sayingOf(run, at));
      }
    unsettled.settle(this.parts.lives, fromNs, mapping.nowMs, (run, at) =>
      this.addRow(mapping, run, at, this.spaceOf(run, at)),
    );
  }

  private addRow(mapping: Mapping, run: RowRun, at: number, space: number): void {
    if (this.isOwnerless(run, at)) return this.addOf(null, mapping, run, at, space);
    const thread = this.owners.of(run, at, space, mapping.nowMs);
    if (thread || this.layout.mayLackOwner) this.addOf(thread, mapping, run, at, space);
    else this.lose(mapping.window, run, at);
  }

  /** The rows of this probe have no process, or nobody knows this one's. */
  private isOwnerless({ words }: RowRun, at: number): boolean {
    const { tgid, mayLackOwner } = this.layout;
    return tgid < 0 || (mayLackOwner && words[at + tgid / 4] === 0);
  }

  private addOf(thread: Thread | null, mapping: Mapping, run: RowRun, at: number, space: number): void {
    const { named, layout } = this;
    named.thread = thread?.id ?? 0;
    named.stack = thread && this.hasStacks ? this.stackOf(thread.process, mapping, run, at, space) : 0;
    named.flow = layout.flow < 0 ? 0 : this.flowOf(mapping, run, at);
    if (named.stack === REFUSED || (named.flow === 0 && layout.flow >= 0)) return this.lose(mapping.window, run, at);
    named.file = thread ? this.fileOf(thread.process, mapping, run, at) : NO_FILE;
    this.cells.write(mapping.window, run, at, named);
  }

  /** 0 where the dictionary has no room. */
  private flowOf({ nowMs }: Mapping, run: RowRun, at: number): number {
    const { flow, end } = this.layout;
    const isEnd = end >= 0 && !run.isZero(at + end / 4);
    return this.parts.flows.idOf(run.words, at + flow / 4, isEnd, nowMs);
  }

  private lose({ counters }: WindowSum, run: RowRun, at: number): void {
    const events = this.eventsOf(run, at);
    counters.kept -= events;
    addLost(counters, this.parts.dictionary.refusal, events);
  }

  private eventsOf(run: RowRun, at: number): bigint {
    let events = 0;
    for (const { offset, size } of this.layout.counted) {
      const word = at + offset / 4;
      events += size === 8 ? run.u64(word) : (run.words[word] as number);
    }
    return BigInt(events);
  }

  private spaceOf(run: RowRun, at: number): number {
    const { userStack, userSpace } = this.layout;
    if (userStack < 0 || run.isZero(at + userStack / 4)) return NO_SPACE;
    const space = run.bytes[at * 4 + userSpace];
    if (space !== SPACE.user && space !== SPACE.userBuildId)
      return raise('out-of-sync', `cannot use the loader's rows: no space ${space}`);
    return space;
  }

  /** Of a process that has its id no more, /proc would tell of another. */
  private fileOf(process: Process, { nowMs }: Mapping, run: RowRun, at: number): Uint8Array {
    const { processes, files } = this.parts;
    const fd = this.layout.fd < 0 ? -1 : (run.words[at + this.layout.fd / 4] as number) | 0;
    return fd >= 0 && processes.isStill(process, nowMs) ? files.of(process.pid, fd, nowMs) : NO_FILE;
  }

  /** A stack the batch does not have leaves the sample without it, and counted so. */
  private stackOf(process: Process, mapping: Mapping, run: RowRun, at: number, space: number): number {
    const { window, stacks, nodes, nowMs } = mapping;
    const { processes, stackMapper } = this.parts;
    let node = 0;
    let isMissing = false;
    if (space !== NO_SPACE) {
      if (processes.loadMaps(process, nowMs) && space === SPACE.userBuildId) this.toldKnown.add(process);
      const stack = find(stacks, run, at + this.layout.userStack / 4, space);
      if (stack >= 0) node = nodes.of(stack, process, () => stackMapper.userNode(stacks, stack, space, process, nowMs));
      else isMissing = true;
    }
    const kernel = this.layout.kernelStack < 0 ? -1 : at + this.layout.kernelStack / 4;
    if (node !== REFUSED && kernel >= 0 && !run.isZero(kernel)) {
      const stack = find(stacks, run, kernel, SPACE.kernel);
      const parent = node;
      if (stack >= 0) node = nodes.of(stack, parent, () => stackMapper.kernelNode(stacks, stack, parent));
      else isMissing = true;
    }
    if (isMissing) window.counters.incompleteStacks += this.eventsOf(run, at);
    return node;
  }
}

function find(stacks: StackIndex, run: RowRun, word: number, space: number): number {
  return stacks.find(run.words[word] as number, run.words[word + 1] as number, space);
}

function wireCounters(counters: WireCounters): Counters {
  const { seen, kept, idle, filtered, incompleteStacks, lostMapFull, lostStacksFull, lostRateLimit } = counters;
  const message = create(CountersSchema, { seen, kept, idle, filtered, incompleteStacks });
  addLost(message, 'map-full', lostMapFull);
  addLost(message, 'stacks-full', lostStacksFull);
  addLost(message, 'rate-limit', lostRateLimit);
  const accounted = message.lost.reduce((sum, { count }) => sum + count, kept + idle + filtered);
  if (accounted !== seen)
    raise('out-of-sync', `cannot use the loader's counters: ${seen} events seen, ${accounted} accounted for`);
  return message;
}
