/**
 * One `loader run`: started, read, told, stopped. Gives whole batches, each exactly once: a batch without an end is
 * forgotten, one that a new worker sends again is skipped by its number.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  encodeProcesses,
  type Fault,
  faultOf,
  parseBatchBegin,
  parseCost,
  parseCounters,
  parseReady,
  parseWireFault,
  parseWorker,
  safeText,
  TEXT,
  WIRE,
  type WireCost,
  type WireMessage,
  WireReader,
  type WireReady,
  type WireWorker,
} from '../../protocol/index.ts';
import { type Batch, BatchBuilder } from '../rows/batch.ts';
import { stopChild } from './stop-child.ts';

export interface LoaderListener {
  onReady(ready: WireReady): void;
  onBatch(batch: Batch): void;
  onWorker(worker: WireWorker): void;
  onCost(cost: WireCost): void;
  /** What this box cannot give, for whoever watches. */
  onNote(text: string): void;
  /** Words for the log. */
  onWords(words: string): void;
  /**
   * Called once, last. `fault`: what the loader said, or why it was stopped; null where it just ended, and then
   * `how` tells with what.
   */
  onEnd(fault: Fault | null, how: string): void;
}

export class LoaderProcess {
  private readonly child: ChildProcess;
  private readonly listener: LoaderListener;
  private readonly probe: string;
  private readonly reader = new WireReader();
  private readonly builder = new BatchBuilder();
  /** Highest batch number that was handed on; the loader counts from 0. */
  private committed = -1;
  private fault: Fault | null = null;

  constructor(loader: string, probe: string, options: readonly string[], listener: LoaderListener) {
    this.listener = listener;
    this.probe = probe;
    this.child = spawn(loader, ['run', probe, ...options], { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
    this.child.stdout?.on('data', (chunk: Buffer) => this.readInTurn(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => listener.onWords(chunk.toString()));
    this.child.stdin?.on('error', () => {}); // it ended while it was told something: onEnd says so
    this.child.once('error', (error) => this.end(startFault(probe, loader, error)));
    this.child.once('close', (code, signal) => this.end(null, signal ? `by ${signal}` : `with exit code ${code}`));
  }

  tellKnown(tgids: readonly number[]): void {
    if (tgids.length > 0 && this.child.stdin?.writable) this.child.stdin.write(encodeProcesses(WIRE.known, tgids));
  }

  /** Its last batches still come before this resolves. */
  stop(): Promise<void> {
    return stopChild(this.child);
  }

  private hasEnded = false;

  private end(fault: Fault | null, how = ''): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.builder.abandon();
    this.listener.onEnd(this.fault ?? fault, how);
  }

  /**
   * Once per turn of the event loop: where batches come faster than they can be used, libuv would hand us dozens of them
   * in a row, and neither the client nor a timer would be heard for as long as these take.
   */
  private readInTurn(chunk: Buffer): void {
    const { stdout } = this.child;
    stdout?.pause();
    setImmediate(() => stdout?.resume());
    this.read(chunk);
  }

  private read(chunk: Buffer): void {
    if (this.fault) return;
    try {
      this.reader.push(chunk, (message) => this.take(message));
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.fault = { ...fault, probe: this.probe };
      void this.stop();
    }
  }

  private take({ type, batch, payload }: WireMessage): void {
    if (batch <= this.committed && type >= WIRE.batchBegin && type <= WIRE.batchEnd) return;
    switch (type) {
      case WIRE.ready:
        return this.listener.onReady(parseReady(payload));
      case WIRE.batchBegin:
        return this.builder.begin(batch, parseBatchBegin(payload));
      case WIRE.stacks:
        return this.builder.addStacks(batch, payload);
      case WIRE.rows:
        return this.builder.addRows(batch, payload);
      case WIRE.counters:
        return this.builder.setCounters(batch, parseCounters(payload));
      case WIRE.batchEnd:
        this.committed = batch;
        return this.listener.onBatch(this.builder.end(batch));
      case WIRE.fault:
        this.fault = parseWireFault(payload, this.probe);
        return;
      case WIRE.worker:
        return this.listener.onWorker(parseWorker(payload));
      case WIRE.cost:
        return this.listener.onCost(parseCost(payload));
      case WIRE.note:
        return this.listener.onNote(safeText(new TextDecoder().decode(payload), TEXT.fault));
      default:
        return; // newer than this agent
    }
  }
}

function startFault(probe: string, loader: string, error: Error): Fault {
  return { code: 'loader-start', message: `cannot start ${probe}: cannot execute ${loader}: ${error.message}`, probe };
}
