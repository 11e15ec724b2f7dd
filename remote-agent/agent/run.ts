/**
 * One run: what a client sees from its first Hello on. Owns everything that has ids or numbers: dictionaries, processes,
 * names, spool. A new client gets a new run; a returning one goes on with its own.
 */
import { randomBytes } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import type { ProbeManifest, WindowSum } from '../protocol/index.ts';
import { DefinitionsSchema } from '../protocol/generated/sonde_pb.ts';
import { IN_FLIGHT_BYTES, Spool, SPOOL_BYTES, type SpoolRecord } from './client/spool.ts';
import type { LeftBehind } from './flight/broken-off.ts';
import type { LastSeconds } from './flight/last-seconds.ts';
import { HeldWindows } from './held-windows.ts';
import { Dictionary } from './names/dictionary.ts';
import type { Kallsyms } from './names/kallsyms.ts';
import { FlowDictionary } from './names/flow-dictionary.ts';
import { HostsFiles } from './names/hosts-file.ts';
import { hostsPaths } from './names/hosts-paths.ts';
import { KernelFrames } from './names/kernel-frames.ts';
import { ModuleRegistry } from './names/module-registry.ts';
import { Symbols } from './names/symbols.ts';
import { UserFrames } from './names/user-frames.ts';
import type { Cgroups } from './proc/cgroups.ts';
import { Files } from './proc/files.ts';
import { Lives } from './proc/lives.ts';
import { Processes } from './proc/processes.ts';
import { Threads } from './proc/threads.ts';
import { definitionsBody, deviceRecord, noteRecord, probeEventRecord, type What, windowRecord } from './records.ts';
import type { Batch } from './rows/batch.ts';
import type { RowLayout } from './rows/row-layout.ts';
import { type MapperParts, RowMapper } from './rows/row-mapper.ts';
import { StackMapper } from './rows/stack-mapper.ts';
import { monotonicNs } from './self/clock.ts';
import { readDeviceInfo } from './self/device-info.ts';

const RUN_ID_BYTES = 16;
const SYMBOLS_INTERVAL_MS = 250;
/** Somebody waits for the first picture: its names follow it at once. */
const FIRST_SYMBOLS_MS = 0;
const FORGET_INTERVAL_MS = 10_000;

const NO_LAST_SECONDS =
  'the device keeps nothing more of this session for the case that it breaks off: it has seen too many processes and stacks for that';

export interface RunHost {
  readonly procRoot: string;
  readonly cgroups: Cgroups;
  /** Takes what the client has confirmed; null = nobody wants it. */
  readonly lastSeconds: LastSeconds | null;
  /** Monotonic milliseconds. */
  now(): number;
  /** The client is there, but its link has enough to carry. */
  isLinkSlow(): boolean;
  /** How long the governor wants windows to be held. */
  holdMs(): number;
  /** Something can be sent. */
  onRecord(): void;
  onEvent(probe: string, what: What): void;
  /** As it comes from the loader. Quick, and keeps nothing of it. */
  onWindow(window: WindowSum): void;
}

export class Run {
  readonly id = new Uint8Array(randomBytes(RUN_ID_BYTES));
  readonly spool: Spool;
  private readonly host: RunHost;
  private readonly dictionary = new Dictionary();
  private readonly flows = new FlowDictionary(this.dictionary);
  private readonly hosts: HostsFiles;
  private readonly held = new HeldWindows();
  private readonly processes: Processes;
  private readonly symbols: Symbols;
  private readonly kernelFrames: KernelFrames;
  private readonly parts: MapperParts;
  private symbolsTimer: NodeJS.Timeout | null = null;
  private symbolsWaitMs = FIRST_SYMBOLS_MS;
  private forgotMs = 0;
  private isClosed = false;

  constructor(host: RunHost) {
    this.host = host;
    this.spool = new Spool(SPOOL_BYTES, IN_FLIGHT_BYTES, (record) => host.lastSeconds?.pass(record));
    this.flows.onForget = (...flow) => host.lastSeconds?.flowForgotten(...flow);
    const registry = new ModuleRegistry(this.dictionary, host.procRoot, () => host.now());
    this.processes = new Processes(this.dictionary, host.cgroups, host.procRoot);
    this.hosts = new HostsFiles(() => hostsPaths(host.procRoot, this.processes.pids()), this.dictionary);
    this.symbols = new Symbols(this.dictionary, host.procRoot, () => host.now());
    this.kernelFrames = new KernelFrames(this.dictionary, registry);
    const userFrames = new UserFrames(this.dictionary, registry, this.symbols);
    this.parts = {
      dictionary: this.dictionary,
      flows: this.flows,
      processes: this.processes,
      lives: new Lives(this.processes),
      threads: new Threads(this.dictionary, host.procRoot),
      stackMapper: new StackMapper(this.dictionary, this.processes, this.kernelFrames, userFrames),
      files: new Files(host.procRoot),
    };
    const device = deviceRecord(readDeviceInfo(host.procRoot, this.id));
    host.lastSeconds?.define('device', device.body);
    this.record(device);
  }

  record(record: SpoolRecord): void {
    if (this.isClosed) return;
    this.spool.push(record, this.host.isLinkSlow());
    this.host.onRecord();
  }

  note(text: string): void {
    this.record(noteRecord(monotonicNs(), text));
  }

  /** A trigger has fired: what was found. */
  trigger(trigger: string, found: string): void {
    this.record(noteRecord(monotonicNs(), `${trigger}: ${found}`, trigger));
  }

  /** What was measured before the event is recorded before it. */
  event(probe: string, what: What): void {
    const held = this.held.take(probe);
    if (held) this.recordWindow(held);
    this.record(probeEventRecord(probe, monotonicNs(), what));
    this.host.onEvent(probe, what);
  }

  rowMapper(manifest: ProbeManifest, layout: RowLayout): RowMapper {
    return new RowMapper(manifest, layout, this.parts);
  }

  /** Returns the process ids whose mappings are known from now on. */
  commit(mapper: RowMapper, batch: Batch): readonly number[] {
    if (this.isClosed) return [];
    const nowMs = this.host.now();
    this.dictionary.isFrozen = this.spool.isFull;
    if (mapper.hasFlows) this.hosts.check(nowMs);
    const window = mapper.map(batch, nowMs);
    this.host.onWindow(window);
    const due = this.held.add(window, this.host.holdMs(), nowMs);
    if (due) this.recordWindow(due);
    else if (this.flows.isTakeDue) this.recordDefinitions();
    this.scheduleSymbols();
    if (nowMs - this.forgotMs > FORGET_INTERVAL_MS) {
      this.forgotMs = nowMs;
      this.processes.forgetOld(nowMs);
    }
    return mapper.takeKnown(nowMs);
  }

  useKallsyms(kallsyms: Kallsyms): void {
    this.kernelFrames.useTable(kallsyms);
    this.recordDefinitions();
  }

  /** What there is for whoever comes later; null where nothing was kept of this run. */
  leftBehind(): LeftBehind | null {
    const { lastSeconds } = this.host;
    if (!lastSeconds || lastSeconds.isOver) return null;
    return lastSeconds.leftBehind(this.spool.unconfirmed(), this.flows);
  }

  close(): void {
    this.isClosed = true;
    if (this.symbolsTimer) clearTimeout(this.symbolsTimer);
  }

  private recordWindow(window: WindowSum): void {
    if (this.spool.isOverfull) window.empty('spool-full');
    this.recordDefinitions();
    this.record(windowRecord(window));
    window.release();
  }

  private recordDefinitions(): void {
    const definitions = this.dictionary.take();
    const flows = this.flows.take();
    if (!definitions && !flows) return;
    const encoded = definitions && toBinary(DefinitionsSchema, definitions);
    this.keepDefinitions(encoded, flows);
    this.record({ kind: 'definitions', probe: '', body: definitionsBody(encoded, flows), spanNs: 0 });
  }

  private keepDefinitions(encoded: Uint8Array | null, flows: Uint8Array | null): void {
    const { lastSeconds } = this.host;
    if (!lastSeconds || lastSeconds.isOver) return;
    if (encoded) lastSeconds.define('definitions', encoded);
    if (flows) lastSeconds.defineFlows(flows, this.flows.lastId);
    if (lastSeconds.isOver) this.note(NO_LAST_SECONDS);
  }

  private scheduleSymbols(): void {
    if (this.symbolsTimer || this.symbols.isIdle || this.isClosed) return;
    this.symbolsTimer = setTimeout(() => void this.runSymbols(), this.symbolsWaitMs);
    this.symbolsWaitMs = SYMBOLS_INTERVAL_MS;
  }

  /** Names what can be named within `ms`, without the pauses that keep the cost low while the run goes on. */
  async finishNames(ms: number): Promise<void> {
    if (this.symbolsTimer) clearTimeout(this.symbolsTimer);
    await this.symbols.finish(this.host.now() + ms);
    this.recordDefinitions();
  }

  private async runSymbols(): Promise<void> {
    await this.symbols.run();
    this.symbolsTimer = null;
    this.recordDefinitions();
    this.scheduleSymbols();
  }
}
