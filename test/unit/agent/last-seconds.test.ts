/** The device's own flight recorder: what it keeps, for how long, in how much memory, and that it can be read. */
import { gunzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Spool, type SpoolRecord } from '../../../remote-agent/agent/client/spool.ts';
import { LAST_MS, LastSeconds } from '../../../remote-agent/agent/flight/last-seconds.ts';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { FlowDictionary } from '../../../remote-agent/agent/names/flow-dictionary.ts';
import {
  definitionsRecord,
  deviceRecord,
  noteRecord,
  probeEventRecord,
  windowRecord,
} from '../../../remote-agent/agent/records.ts';
import {
  CountersSchema,
  type Definitions,
  DefinitionsSchema,
} from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import {
  BLOCK_HEADER_LENGTH,
  decodeAgentFrame,
  encodePreamble,
  findProbe,
  FrameReader,
  type ProbeManifest,
  type Signal,
  SignalDecoder,
  type WindowSignal,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { wireFlow } from './wire-writer.mjs';

const SECOND = 1000;
const manifest = findProbe('cpu-profile') as ProbeManifest;

/** A run second by second: what it records goes through a spool to a client, which confirms it while it is there. */
class Stage {
  nowMs = 0;
  hasClient = true;
  readonly last: LastSeconds;
  readonly spool: Spool;
  readonly dictionary = new Dictionary();
  readonly flows = new FlowDictionary(this.dictionary);

  constructor(maxBytes?: number) {
    this.last = new LastSeconds(() => this.nowMs, maxBytes);
    this.spool = new Spool(64 << 20, 64 << 20, (record) => this.last.pass(record));
    this.flows.onForget = (...flow) => this.last.flowForgotten(...flow);
    const device = deviceRecord({ runId: new Uint8Array(16), hostname: Buffer.from('box') });
    this.last.define('device', device.body);
    this.record(device);
  }

  record(record: SpoolRecord): void {
    this.spool.push(record, false);
    if (!this.hasClient) return;
    for (let sent = this.spool.take(); sent; sent = this.spool.take()) this.spool.ack(sent.seq);
  }

  /** Tells what is new. */
  define(): void {
    const [definitions, flows] = [this.dictionary.take(), this.flows.take()];
    if (!definitions && !flows) return;
    if (definitions) this.last.define('definitions', toBinary(DefinitionsSchema, definitions as Definitions));
    if (flows) this.last.defineFlows(flows, this.flows.lastId);
    this.record(definitionsRecord(definitions, flows));
  }

  /** A second of the device, with a window of these samples by thread. */
  second(rows: readonly (readonly [thread: number, samples: number])[] = []): void {
    this.define();
    const from = BigInt(this.nowMs) * 1_000_000n + 1n;
    const kept = BigInt(rows.reduce((sum, [, samples]) => sum + samples, 0));
    const window = new WindowSum(manifest, {
      fromNs: from,
      toNs: from + 1_000_000_000n,
      counters: create(CountersSchema, { seen: kept, kept }),
      drains: 1,
    });
    for (const [thread, samples] of rows) {
      const row = window.nextRow();
      for (const [i, cell] of [thread, 0, 0, samples].entries()) (window.columns[i] as Uint32Array)[row] = cell;
      window.commit();
    }
    this.nowMs += SECOND;
    this.record(windowRecord(window));
    this.flows.forgetEnded(this.nowMs);
  }

  started(probe: string): void {
    const options = { hz: '49' };
    this.record(probeEventRecord(probe, BigInt(this.nowMs) * 1_000_000n, { case: 'started', value: { options } }));
  }

  stopped(probe: string): void {
    this.record(probeEventRecord(probe, BigInt(this.nowMs) * 1_000_000n, { case: 'stopped', value: { reason: '' } }));
  }

  process(comm: string): number {
    const process = this.dictionary.process({
      pid: 1,
      startNs: 0n,
      comm: Buffer.from(comm),
      exe: new Uint8Array(0),
      commandLine: new Uint8Array(0),
      cgroup: new Uint8Array(0),
      container: new Uint8Array(0),
      unit: new Uint8Array(0),
      parentPid: 0,
      kernelThread: false,
      uid: 0,
    } as never);
    return this.dictionary.thread({ process, tid: 1, comm: Buffer.from(comm) });
  }

  flow(cookie: number, isEnd = false): number {
    const bytes = wireFlow({ cookie, remote: '10.0.0.1' } as never);
    return this.flows.idOf(new Uint32Array(new Uint8Array(bytes).buffer), 0, isEnd, this.nowMs);
  }

  /** As a reader of the file has it: whatever does not hold together raises a fault. */
  left(): { readonly signals: readonly Signal[]; readonly probes: readonly string[] } {
    const { blocks, frames, records, probes } = this.last.leftBehind(this.spool.unconfirmed(), this.flows);
    const reader = new FrameReader();
    reader.push(encodePreamble());
    const content = blocks.flatMap((block) => reader.push(gunzipSync(block.subarray(BLOCK_HEADER_LENGTH))));
    const payloads = [...content, ...reader.push(Buffer.concat([...frames(5n)])), ...records.map(({ frame }) => frame)];
    const decoder = new SignalDecoder();
    const signals = payloads.flatMap((payload) => decoder.decode(decodeAgentFrame(payload)) ?? []);
    return { signals, probes };
  }
}

const windowsOf = (signals: readonly Signal[]) =>
  signals.filter((signal): signal is WindowSignal => signal.kind === 'window');
const definedIn = (signals: readonly Signal[]) =>
  signals.flatMap((signal) => (signal.kind === 'definitions' ? [signal] : []));

test('keeps the last minute that was confirmed and all that was not, each window once', () => {
  const stage = new Stage();
  const thread = stage.process('early');
  for (let i = 0; i < 200; i++) stage.second([[thread, i]]);
  stage.hasClient = false;
  const late = stage.process('late');
  for (let i = 200; i < 290; i++) stage.second([[late, i]]);
  const { signals } = stage.left();
  const windows = windowsOf(signals);
  const kept = windows.map(({ columns }) => Number(columns[3]?.[0]));
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 290 - kept.length + i));
  expect(kept[0]).toBeGreaterThanOrEqual(200 - LAST_MS / SECOND - 1);
  expect(kept[0]).toBeLessThanOrEqual(200 - LAST_MS / SECOND + 1);
  expect(signals[0]).toMatchObject({ kind: 'device', hostname: 'box' });
  const processes = definedIn(signals).flatMap(({ processes: all }) => all.map(({ comm }) => comm));
  expect(processes).toEqual(['early', 'late']);
});

test('what runs where it begins was started there; what ended before is not in it', () => {
  const stage = new Stage();
  stage.started('cpu-profile');
  stage.started('syscalls');
  stage.second();
  stage.stopped('syscalls');
  for (let i = 0; i < 30; i++) stage.second();
  const starts = () =>
    stage
      .left()
      .signals.flatMap((signal) =>
        signal.kind === 'probe' && signal.what.kind === 'started' ? [[signal.probe, signal.atNs]] : [],
      );
  // All of it is within the minute still.
  expect(starts()).toEqual([
    ['cpu-profile', 0],
    ['syscalls', 0],
  ]);
  for (let i = 0; i < 60; i++) stage.second();
  stage.started('net-flows');
  stage.second();
  expect(starts()).toEqual([
    ['cpu-profile', 5],
    ['net-flows', 91e9],
  ]);
  expect(stage.left().probes).toEqual(['cpu-profile', 'net-flows']);
});

test('stays within its memory: the oldest seconds go first', () => {
  const stage = new Stage(32 << 10);
  const random = seededRandom(7);
  const threads = Array.from({ length: 100 }, (_, i) => stage.process(`thread-${i}`));
  for (let i = 0; i < 120; i++) {
    stage.second(threads.map((thread) => [thread, Math.floor(random() * 1e6)]));
    expect(stage.last.bytes).toBeLessThanOrEqual(32 << 10);
  }
  const windows = windowsOf(stage.left().signals);
  expect(windows.length).toBeGreaterThan(10);
  expect(windows.length).toBeLessThan(55);
  expect(windows.at(-1)?.toNs).toBe(120e9 + 1);
});

test('knows every flow that its windows can speak of, and lets the others go', () => {
  const stage = new Stage();
  const old = stage.flow(1); // lives all the time
  const broken = stage.flow(2); // breaks off half a minute before the end
  const short: number[] = [];
  for (let i = 0; i < 200; i++) {
    short.push(stage.flow(1000 + i, true));
    stage.flow(1);
    if (i < 170) stage.flow(2, i === 169);
    stage.second();
  }
  const known = definedIn(stage.left().signals).flatMap(({ flows }) => flows.map(({ id }) => id));
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  expect(known).toEqual(expect.arrayContaining([old, broken, ...short.slice(-60)]));
  expect(known).not.toContain(short[0]);
  expect(known.length).toBeLessThan(70);
});

test('too many processes: nothing is kept, and it is known', () => {
  const stage = new Stage(256 << 10);
  const random = seededRandom(3);
  const name = () => Array.from({ length: 15 }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('');
  for (let i = 0; i < 40 && !stage.last.isOver; i++) {
    for (let k = 0; k < 500; k++) stage.process(name());
    stage.second();
  }
  expect(stage.last.isOver).toBe(true);
  stage.record(noteRecord(1n, 'goes on'));
  expect(stage.last.bytes).toBeLessThan(128 << 10);
});
