// `loader run` on a virtual box, seen from outside: its messages, sorted into whole batches as the agent does it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  encodeProcesses,
  parseBatchBegin,
  parseCost,
  parseCounters,
  parseReady,
  parseWireFault,
  parseWorker,
  SPACE,
  viewOf,
  WIRE,
  type WireCost,
  type WireCounters,
  type WireMessage,
  WireReader,
  type WireReady,
  type WireWorker,
} from '../../remote-agent/protocol/loader.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Box, BoxUser } from './box/boot.mjs';
import {
  type CallRow,
  type Field,
  type ReadRow,
  type Row,
  readCall,
  readSample,
  readSlow,
  type SlowRow,
} from './loader-rows.ts';
import { removeFolder } from '../remove-folder.ts';

interface Described {
  id: string;
  rowSize: number;
  fields: Field[];
}

export interface Batch<R = Row> {
  number: number;
  fromNs: bigint;
  toNs: bigint;
  /** Frames of each stack by space and hash. */
  stacks: Map<string, number>;
  rows: R[];
  counters: WireCounters;
}

export class LoaderSession<R = Row> {
  readonly batches: Batch<R>[] = [];
  readonly costs: WireCost[] = [];
  readonly workers: WireWorker[] = [];
  readonly notes: string[] = [];
  /** Batches that came again whole after they were committed, and batches whose end never came. */
  repeats = 0;
  cut = 0;
  ready: WireReady | null = null;
  fault: Fault | null = null;
  stderr = '';
  readonly ended: Promise<number | null>;

  private readonly child: ChildProcess;
  private readonly reader = new WireReader();
  private readonly probe: Described;
  private readonly readRow: ReadRow<R>;
  private open: Omit<Batch<R>, 'counters'> & { counters: WireCounters | null } = nothing();

  private constructor(child: ChildProcess, probe: Described, readRow: ReadRow<R>) {
    this.child = child;
    this.probe = probe;
    this.readRow = readRow;
    child.stdout?.on('data', (chunk: Buffer) => this.reader.push(chunk, (message) => this.take(message)));
    child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => child.on('close', resolve));
  }

  /** cpu-profile. The loader must lie in the box as `path`. */
  static start(box: Box, path: string, args: string, user: BoxUser = 'root'): Promise<LoaderSession> {
    return LoaderSession.startProbe(box, path, args, user, readSample);
  }

  /** syscalls. */
  static startCalls(box: Box, path: string, args = '', user: BoxUser = 'root'): Promise<LoaderSession<CallRow>> {
    return LoaderSession.startProbe(box, path, `syscalls ${args}`, user, readCall);
  }

  /** slow-syscalls. */
  static startSlow(box: Box, path: string, args: string): Promise<LoaderSession<SlowRow>> {
    return LoaderSession.startProbe(box, path, `slow-syscalls ${args}`, 'root', readSlow);
  }

  /** Any probe, by its own reader of rows. */
  static async startProbe<T>(box: Box, path: string, args: string, user: BoxUser, readRow: ReadRow<T>) {
    const described = JSON.parse((await box.ssh(`${path} describe`, { user })).stdout) as { probes: Described[] };
    const probe = described.probes.find(({ id }) => id === args.split(' ')[0]);
    if (!probe) throw new Error(`the loader has no probe for "${args}"`);
    const folder = mkdtempSync(join(tmpdir(), 'sonde-known-hosts-'));
    await box.writeKnownHosts(join(folder, 'hosts'));
    const target = ['-i', box.users[user].identityFile, '-p', String(box.port), `${user}@${box.host}`];
    const trust = ['-o', `UserKnownHostsFile=${join(folder, 'hosts')}`, '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'];
    const child = spawn('ssh', ['-F', 'none', '-T', ...trust, ...target, `exec ${path} run ${args}`]);
    const session = new LoaderSession(child, probe, readRow);
    void session.ended.then(() => removeFolder(folder));
    onTestFinished(() => session.kill()); // a test that fails leaves no loader to the next one
    return session;
  }

  tell(type: typeof WIRE.known | typeof WIRE.forget, tgids: number[]): void {
    this.child.stdin?.write(encodeProcesses(type, tgids));
  }

  /** Ends stdin, which ends the loader; resolves with its exit code. */
  async end(): Promise<number | null> {
    this.child.stdin?.end();
    return await this.ended;
  }

  /** Cuts the link as a killed ssh does. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when `count` more batches are committed, rejects when the loader ends instead. */
  async gather(count: number): Promise<Batch<R>[]> {
    const first = this.batches.length;
    while (this.batches.length < first + count) {
      const code = await Promise.race([
        this.ended,
        new Promise<'later'>((resolve) => setTimeout(resolve, 50, 'later')),
      ]);
      if (code !== 'later') throw new Error(`the loader ended with ${code}: ${this.stderr}`);
    }
    return this.batches.slice(first);
  }

  private take({ type, batch, payload }: WireMessage): void {
    const isCommitted = batch <= (this.batches.at(-1)?.number ?? -1);
    if (type === WIRE.ready) this.ready = parseReady(payload);
    else if (type === WIRE.cost) this.costs.push(parseCost(payload));
    else if (type === WIRE.worker) this.workers.push(parseWorker(payload));
    else if (type === WIRE.note) this.notes.push(new TextDecoder().decode(payload));
    else if (type === WIRE.fault) this.fault = parseWireFault(payload, this.probe.id);
    else if (isCommitted) this.repeats += type === WIRE.batchEnd ? 1 : 0;
    else this.takeOfBatch(type, batch, payload);
  }

  private takeOfBatch(type: number, number: number, payload: Uint8Array): void {
    if (type === WIRE.batchBegin) {
      this.cut += this.open.number >= 0 ? 1 : 0;
      this.open = { ...nothing<R>(), number, ...parseBatchBegin(payload) };
    }
    if (number !== this.open.number) throw new Error(`a message of batch ${number} came inside of ${this.open.number}`);
    if (type === WIRE.stacks) this.addStacks(payload);
    if (type === WIRE.rows) this.addRows(payload);
    if (type === WIRE.counters) this.open.counters = parseCounters(payload);
    if (type === WIRE.batchEnd) {
      const { counters } = this.open;
      if (!counters) throw new Error(`batch ${number} has no counters`);
      this.batches.push({ ...this.open, counters });
      this.open = nothing();
    }
  }

  private addStacks(payload: Uint8Array): void {
    const view = viewOf(payload);
    let at = 0;
    while (at < payload.length) {
      const [hash, frames, space] = [view.getBigUint64(at, true), view.getUint16(at + 8, true), view.getUint8(at + 10)];
      this.open.stacks.set(`${space} ${hash}`, frames);
      at += 16 + frames * (space === SPACE.userBuildId ? 32 : 8);
    }
    if (at !== payload.length) throw new Error('a stack is cut');
  }

  private addRows(payload: Uint8Array): void {
    const { rowSize, fields } = this.probe;
    if (payload.length % rowSize !== 0) throw new Error('a row is cut');
    for (let at = 0; at < payload.length; at += rowSize)
      this.open.rows.push(this.readRow(payload.subarray(at, at + rowSize), fields, this.open.stacks));
  }
}

function nothing<R>() {
  const rows: R[] = [];
  return { number: -1, fromNs: 0n, toNs: 0n, stacks: new Map<string, number>(), rows, counters: null };
}
