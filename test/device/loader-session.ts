// `loader run` on a virtual box, seen from outside: its messages, sorted into whole batches as the agent does it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

export interface Row {
  tgid: number;
  tid: number;
  cpu: number;
  comm: string;
  userSpace: number;
  kernelFrames: number;
  userFrames: number;
  samples: number;
}

export interface Batch {
  number: number;
  fromNs: bigint;
  toNs: bigint;
  /** Frames of each stack by space and hash. */
  stacks: Map<string, number>;
  rows: Row[];
  counters: WireCounters;
}

type Field = { name: string; offset: number };

export class LoaderSession {
  readonly batches: Batch[] = [];
  readonly costs: WireCost[] = [];
  readonly workers: WireWorker[] = [];
  /** Batches that came again whole after they were committed, and batches whose end never came. */
  repeats = 0;
  cut = 0;
  ready: WireReady | null = null;
  fault: Fault | null = null;
  stderr = '';
  readonly ended: Promise<number | null>;

  private readonly child: ChildProcess;
  private readonly reader = new WireReader();
  private readonly fields: Map<string, number>;
  private readonly rowSize: number;
  private open: Omit<Batch, 'counters'> & { counters: WireCounters | null } = nothing();

  private constructor(child: ChildProcess, rowSize: number, fields: Field[]) {
    this.child = child;
    this.rowSize = rowSize;
    this.fields = new Map(fields.map(({ name, offset }) => [name, offset]));
    child.stdout?.on('data', (chunk: Buffer) => this.reader.push(chunk, (message) => this.take(message)));
    child.stderr?.on('data', (chunk) => (this.stderr += chunk));
    child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => child.on('close', resolve));
  }

  /** The loader must lie in the box as `path`. */
  static async start(box: Box, path: string, args: string, user: BoxUser = 'root'): Promise<LoaderSession> {
    const described = JSON.parse((await box.ssh(`${path} describe`, { user })).stdout);
    const { rowSize, fields } = described.probes[0];
    const folder = mkdtempSync(join(tmpdir(), 'sonde-known-hosts-'));
    await box.writeKnownHosts(join(folder, 'hosts'));
    const target = ['-i', box.users[user].identityFile, '-p', String(box.port), `${user}@${box.host}`];
    const trust = ['-o', `UserKnownHostsFile=${join(folder, 'hosts')}`, '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'];
    const child = spawn('ssh', ['-F', 'none', '-T', ...trust, ...target, `exec ${path} run ${args}`]);
    const session = new LoaderSession(child, rowSize, fields);
    void session.ended.then(() => rmSync(folder, { recursive: true }));
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
  async gather(count: number): Promise<Batch[]> {
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
    else if (type === WIRE.fault) this.fault = parseWireFault(payload, 'cpu-profile');
    else if (isCommitted) this.repeats += type === WIRE.batchEnd ? 1 : 0;
    else this.takeOfBatch(type, batch, payload);
  }

  private takeOfBatch(type: number, number: number, payload: Uint8Array): void {
    if (type === WIRE.batchBegin) {
      this.cut += this.open.number >= 0 ? 1 : 0;
      this.open = { ...nothing(), number, ...parseBatchBegin(payload) };
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
    if (payload.length % this.rowSize !== 0) throw new Error('a row is cut');
    for (let at = 0; at < payload.length; at += this.rowSize) this.open.rows.push(this.row(payload.subarray(at)));
  }

  private row(bytes: Uint8Array): Row {
    const view = viewOf(bytes);
    const at = (name: string) => this.fields.get(name) ?? Number.NaN;
    const u32 = (name: string) => view.getUint32(at(name), true);
    const userSpace = view.getUint8(at('user_space'));
    const frames = (space: number, name: string) => {
      const hash = view.getBigUint64(at(name), true);
      return hash === 0n ? 0 : (this.open.stacks.get(`${space} ${hash}`) ?? Number.NaN);
    };
    return {
      tgid: u32('tgid'),
      tid: u32('tid'),
      cpu: u32('cpu'),
      comm: String(Buffer.from(bytes.subarray(at('comm'), at('comm') + 16))).replace(/\0.*/, ''),
      userSpace,
      kernelFrames: frames(SPACE.kernel, 'kernel_stack'),
      userFrames: frames(userSpace, 'user_stack'),
      samples: Number(view.getBigUint64(at('samples'), true)),
    };
  }
}

function nothing() {
  return { number: -1, fromNs: 0n, toNs: 0n, stacks: new Map<string, number>(), rows: [], counters: null };
}
