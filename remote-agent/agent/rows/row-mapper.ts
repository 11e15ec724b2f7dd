/**
 * From a batch of the loader to a Window, by the probe's row layout and manifest alone. Order matters where a program
 * replaced itself within the batch: rows with plain addresses are older than what /proc says now and are mapped with
 * what was known, then rows with build-ids, then those without a user stack.
 */
import { create } from '@bufbuild/protobuf';
import {
  addLost,
  COLUMN_FIELD,
  compactWindow,
  type ProbeManifest,
  raise,
  SPACE,
  viewOf,
  type WireCounters,
} from '../../protocol/index.ts';
import {
  ColumnSchema,
  type Counters,
  CountersSchema,
  type Window,
  WindowSchema,
} from '../../protocol/generated/sonde_pb.ts';
import type { Dictionary } from '../names/dictionary.ts';
import type { Process } from '../proc/process.ts';
import type { Processes } from '../proc/processes.ts';
import type { Batch } from './batch.ts';
import type { RowLayout } from './row-layout.ts';
import { StackIndex } from './stack-index.ts';
import { REFUSED, type StackMapper } from './stack-mapper.ts';

/** A process seen only in the kernel is looked up this often: its id may have been given to another. */
const TRUST_MS = 5000;
const NO_SPACE = -1;
const ROW_ORDER = [SPACE.user, SPACE.userBuildId, NO_SPACE] as const;

export class RowMapper {
  private readonly manifest: ProbeManifest;
  private readonly layout: RowLayout;
  private readonly dictionary: Dictionary;
  private readonly processes: Processes;
  private readonly stackMapper: StackMapper;
  /** Processes whose mappings were read and that the kernel still samples with build-ids. */
  private toldKnown = new Set<Process>();

  constructor(
    manifest: ProbeManifest,
    layout: RowLayout,
    dictionary: Dictionary,
    processes: Processes,
    stackMapper: StackMapper,
  ) {
    this.manifest = manifest;
    this.layout = layout;
    this.dictionary = dictionary;
    this.processes = processes;
    this.stackMapper = stackMapper;
  }

  map(batch: Batch, nowMs: number): Window {
    const window = create(WindowSchema, {
      probe: this.manifest.id,
      fromNs: batch.fromNs < batch.toNs ? batch.fromNs : batch.toNs - 1n,
      toNs: batch.toNs,
      columns: this.manifest.columns.map(() => create(ColumnSchema)),
      counters: wireCounters(batch.counters),
      drains: 1,
    });
    const stacks = new StackIndex(batch.stacks);
    for (const space of ROW_ORDER) {
      for (const payload of batch.rows) {
        const view = viewOf(payload);
        if (view.byteLength % this.layout.size !== 0)
          raise('out-of-sync', `cannot use the loader's rows: ${view.byteLength} bytes`);
        for (let at = 0; at < view.byteLength; at += this.layout.size)
          if (this.spaceOf(view, at) === space) this.addRow(window, stacks, view, at, space, nowMs);
      }
    }
    compactWindow(this.manifest, window);
    return window;
  }

  /** Process ids to send as WIRE_KNOWN now. */
  takeKnown(nowMs: number): number[] {
    const known = [...this.toldKnown];
    this.toldKnown.clear();
    for (const process of known) process.knownSentMs = nowMs;
    return known.map(({ pid }) => pid);
  }

  private addRow(window: Window, stacks: StackIndex, view: DataView, at: number, space: number, nowMs: number): void {
    const process = this.layout.tgid < 0 ? null : this.processOf(view, at, space, nowMs);
    const thread = process ? this.threadOf(process, view, at) : 0;
    const stack = process ? this.stackOf(window, stacks, process, view, at, space, nowMs) : 0;
    const isRefused = this.layout.tgid >= 0 && (thread === 0 || stack === REFUSED);
    if (isRefused) return this.lose(window, view, at);
    for (const [i, { spec, offset, size }] of this.layout.columns.entries()) {
      const column = window.columns[i];
      if (!column) continue;
      if (spec.type === 'thread') column.u32.push(thread);
      else if (spec.type === 'stack') column.u32.push(stack);
      else if (COLUMN_FIELD[spec.type] === 'u32')
        column.u32.push(size === 8 ? Number(view.getBigUint64(at + offset, true)) : view.getUint32(at + offset, true));
      else if (COLUMN_FIELD[spec.type] === 'u64')
        column.u64.push(size === 8 ? view.getBigUint64(at + offset, true) : BigInt(view.getUint32(at + offset, true)));
      else column.blob.push(new Uint8Array(view.buffer, view.byteOffset + at + offset, size).slice());
    }
    window.rows++;
  }

  private lose(window: Window, view: DataView, at: number): void {
    if (!window.counters) return;
    const events = this.eventsOf(view, at);
    window.counters.kept -= events;
    addLost(window.counters, this.dictionary.refusal, events);
  }

  private eventsOf(view: DataView, at: number): bigint {
    const column = this.layout.columns[this.layout.events];
    if (!column) return 1n;
    return column.size === 8
      ? view.getBigUint64(at + column.offset, true)
      : BigInt(view.getUint32(at + column.offset, true));
  }

  private spaceOf(view: DataView, at: number): number {
    const { userStack, userSpace } = this.layout;
    if (userStack < 0 || view.getBigUint64(at + userStack, true) === 0n) return NO_SPACE;
    const space = view.getUint8(at + userSpace);
    if (space !== SPACE.user && space !== SPACE.userBuildId)
      raise('out-of-sync', `cannot use the loader's rows: no space ${space}`);
    return space;
  }

  private processOf(view: DataView, at: number, space: number, nowMs: number): Process | null {
    const pid = view.getUint32(at + this.layout.tgid, true);
    let process: Process | null | undefined = this.processes.get(pid);
    if (!process || this.isDoubtful(process, space, nowMs)) {
      process = this.processes.check({ pid, comm: this.comm(view, at), cgroup: this.cgroup(view, at) }, nowMs);
      if (!process) return null;
    }
    process.lastSeenMs = nowMs;
    if (space !== NO_SPACE && this.processes.loadMaps(process, nowMs) && space === SPACE.userBuildId)
      this.toldKnown.add(process);
    return process;
  }

  /** Once per batch at most: a check sets `checkedMs` to the batch's now. */
  private isDoubtful(process: Process, space: number, nowMs: number): boolean {
    if (process.checkedMs === nowMs) return false;
    // It may have replaced itself between our reading its mappings and the kernel hearing that they are known.
    if (space === SPACE.user) return process.checkedMs <= process.knownSentMs;
    return space === SPACE.userBuildId || nowMs - process.checkedMs > TRUST_MS;
  }

  private threadOf(process: Process, view: DataView, at: number): number {
    const tid = this.layout.tid < 0 ? process.pid : view.getUint32(at + this.layout.tid, true);
    const comm = this.comm(view, at);
    const known = process.threads.get(tid);
    if (known?.comm === comm) return known.id;
    const id = this.dictionary.thread({ process: process.id, tid, comm: Buffer.from(comm, 'latin1') });
    if (id !== 0) process.threads.set(tid, { id, comm });
    return id;
  }

  /** A stack the batch does not have leaves the sample without it, and counted so. */
  private stackOf(
    window: Window,
    stacks: StackIndex,
    process: Process,
    view: DataView,
    at: number,
    space: number,
    nowMs: number,
  ): number {
    let node = 0;
    let isMissing = false;
    if (space !== NO_SPACE) {
      const stack = this.find(stacks, view, at + this.layout.userStack, space);
      if (stack >= 0) node = this.stackMapper.userNode(stacks, stack, space, process, nowMs);
      else isMissing = true;
    }
    if (
      node !== REFUSED &&
      this.layout.kernelStack >= 0 &&
      view.getBigUint64(at + this.layout.kernelStack, true) !== 0n
    ) {
      const stack = this.find(stacks, view, at + this.layout.kernelStack, SPACE.kernel);
      if (stack >= 0) node = this.stackMapper.kernelNode(stacks, stack, node);
      else isMissing = true;
    }
    if (isMissing && window.counters) window.counters.incompleteStacks += this.eventsOf(view, at);
    return node;
  }

  private find(stacks: StackIndex, view: DataView, at: number, space: number): number {
    return stacks.find(view.getUint32(at, true), view.getUint32(at + 4, true), space);
  }

  /** Latin-1, up to the NUL. */
  private comm(view: DataView, at: number): string {
    const { comm, commLength } = this.layout;
    if (comm < 0) return '';
    const bytes = Buffer.from(view.buffer, view.byteOffset + at + comm, commLength);
    const end = bytes.indexOf(0);
    return bytes.toString('latin1', 0, end < 0 ? commLength : end);
  }

  private cgroup(view: DataView, at: number): bigint {
    return this.layout.cgroup < 0 ? 0n : view.getBigUint64(at + this.layout.cgroup, true);
  }
}

function wireCounters(counters: WireCounters): Counters {
  const { seen, kept, idle, filtered, incompleteStacks, lostMapFull, lostStacksFull } = counters;
  const message = create(CountersSchema, { seen, kept, idle, filtered, incompleteStacks });
  addLost(message, 'map-full', lostMapFull);
  addLost(message, 'stacks-full', lostStacksFull);
  const accounted = message.lost.reduce((sum, { count }) => sum + count, kept + idle + filtered);
  if (accounted !== seen)
    raise('out-of-sync', `cannot use the loader's counters: ${seen} events seen, ${accounted} accounted for`);
  return message;
}
