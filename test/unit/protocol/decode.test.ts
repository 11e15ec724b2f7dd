import { beforeEach, describe, expect, it } from 'vitest';
import { FaultError, SignalDecoder } from '../../../remote-agent/protocol/index.ts';
import { decodeAgentFrame } from '../../../remote-agent/protocol/frames.ts';
import { type DefinitionsInit, definitions, device, frame, RUN_ID, type WindowInit, window } from './sample-run.ts';
import { seeded } from './seeded.ts';

let decoder: SignalDecoder;
beforeEach(() => {
  decoder = new SignalDecoder();
  decoder.decode(device);
});

const define = (value: DefinitionsInit) => decoder.decode(frame(2, { case: 'definitions', value }));
const show = (value: WindowInit) => decoder.decode(frame(3, { case: 'window', value }));

describe('a run decodes into Signals', () => {
  it('device', () => {
    const signal = new SignalDecoder().decode(device);
    expect(signal).toMatchObject({
      kind: 'device',
      hostname: 'edge-17',
      onlineCpus: 4,
      memoryBytes: 2 ** 30,
      uptimeNs: 5e9,
    });
    expect(signal).toHaveProperty('runId', '000102030405060708090a0b0c0d0e0f');
  });

  it('definitions, with text made safe and kernel addresses exact in 52 bits', () => {
    const signal = define(definitions);
    expect(signal).toMatchObject({
      kind: 'definitions',
      processes: [{ id: 1, pid: 42, startNs: 4e9, comm: 'worker', container: '', kernelThread: false }],
      threads: [{ comm: 'worker' }, { comm: 'io\\x0athread' }],
      modules: [
        { kind: 'executable', buildId: 'cafe' },
        { kind: 'kernel', buildId: '' },
      ],
      frames: [{ name: 'main' }, { name: '' }, { offset: 0xf_ffff_8100_0010 }, {}],
      firstStack: 1,
      stackParents: Uint32Array.of(0, 1, 2, 1),
      stackFrames: Uint32Array.of(1, 2, 3, 4),
      names: [{ frame: 2, name: '_Z5parsev', interpreted: false }],
    });
  });

  it('windows, as typed columns', () => {
    define(definitions);
    expect(show(window)).toEqual({
      kind: 'window',
      probe: 'cpu-profile',
      fromNs: 5e9,
      toNs: 6e9,
      rows: 2,
      columns: [Uint32Array.of(1, 2), Uint32Array.of(0, 3), Uint32Array.of(3, 4), Uint32Array.of(90, 5)],
      counters: {
        seen: 200,
        kept: 95,
        idle: 100,
        filtered: 2,
        lost: [{ cause: 'map-full', count: 3 }],
        incompleteStacks: 1,
      },
      drains: 1,
    });
  });

  it('empty windows: nothing ran, and that is data', () => {
    const counters = { seen: 0n, kept: 0n };
    expect(show({ ...window, rows: 0, columns: [{}, {}, {}, {}], counters })).toMatchObject({
      rows: 0,
      counters: { seen: 0, lost: [] },
    });
  });

  it('clock, with wall time exact below a millisecond', () => {
    const value = { monotonicNs: 7n, realtimeNs: 1_764_000_000_123_456_789n, uncertaintyNs: 250 };
    const signal = decoder.decode(frame(4, { case: 'clock', value }));
    expect(signal).toEqual({
      kind: 'clock',
      monotonicNs: 7,
      realtimeMs: expect.closeTo(1_764_000_000_123.4568, 3),
      uncertaintyNs: 250,
    });
  });

  it('probe events', () => {
    const at = { probe: 'cpu-profile', atNs: 9n };
    const started = { case: 'started', value: { options: { hz: '99' }, mapBytes: 4096n, cpus: 2 } } as const;
    expect(decoder.decode(frame(4, { case: 'probeEvent', value: { ...at, what: started } }))).toEqual({
      kind: 'probe',
      probe: 'cpu-profile',
      atNs: 9,
      what: { kind: 'started', options: { hz: '99' }, mapBytes: 4096, cpus: 2 },
    });
    const failed = {
      case: 'failed',
      value: { code: 'from-the-future', message: 'no\x1b', detail: 'line 1\nline\t2' },
    } as const;
    expect(decoder.decode(frame(5, { case: 'probeEvent', value: { ...at, what: failed } }))).toMatchObject({
      what: {
        kind: 'failed',
        fault: { code: 'agent-crashed', message: 'no\\x1b', detail: 'from-the-future: line 1\nline\\x092' },
      },
    });
  });

  it('and talk about the connection into null', () => {
    expect(decoder.decode(frame(0, { case: 'pong', value: { token: 1n } }))).toBeNull();
    expect(decoder.decode(decodeAgentFrame(new Uint8Array(0)))).toBeNull();
  });

  it('a new run starts new dictionaries', () => {
    define(definitions);
    decoder.decode(device);
    expect(define(definitions)).toMatchObject({ firstStack: 1 });
  });

  it('windows of a probe newer than this reader are skipped and counted', () => {
    expect(show({ ...window, probe: 'from-the-future' })).toBeNull();
    expect(decoder.skippedWindows).toEqual(new Map([['from-the-future', 1]]));
  });

  it('columns newer than this reader are skipped', () => {
    define(definitions);
    const columns = [...window.columns, { u32: [101, 0] }, { u32: [1] }];
    expect(show({ ...window, columns })).toMatchObject({ columns: { length: 5 } });
  });

  it('of the columns that came late, those that there are have a value in each row', () => {
    define(definitions);
    expect(show(window)).toMatchObject({ columns: { length: 4 } });
    expect(() => show({ ...window, columns: [...window.columns, { u32: [101] }] })).toThrow(
      'column slot has 1 values in 2 rows',
    );
    expect(() => show({ ...window, columns: window.columns.slice(0, 3) })).toThrow('has 3 columns');
  });
});

describe('what does not hold together is refused by name', () => {
  const process = definitions.processes[0];
  const column = (index: number, u32: number[]) => ({
    ...window,
    columns: window.columns.map((old, i) => (i === index ? { u32 } : old)),
  });

  it.each<[string, DefinitionsInit]>([
    ['process id 3 where 2 is due', { processes: [{ ...process, id: 3 }] }],
    ['process id 1 where 2 is due', { processes: [{ ...process, id: 1 }] }],
    ['thread 3 of process 9', { threads: [{ id: 3, process: 9 }] }],
    ['thread 3 of process 0', { threads: [{ id: 3, process: 0 }] }],
    ['frame 5 in module 3', { frames: [{ id: 5, module: 3 }] }],
    ['a build-id of 65 bytes', { modules: [{ id: 3, buildId: new Uint8Array(65) }] }],
    ['2 stack parents and 1 stack frames', { firstStack: 5, stackParents: [0, 0], stackFrames: [1] }],
    ['stack ids start at 4 where 5 is due', { firstStack: 4, stackParents: [0], stackFrames: [1] }],
    ['stack node 5 has parent 5', { firstStack: 5, stackParents: [5], stackFrames: [1] }],
    ['stack node 5 has frame 5 of 4', { firstStack: 5, stackParents: [0], stackFrames: [5] }],
    ['a name for frame 5 of 4', { names: [{ frame: 5 }] }],
    [
      'deeper than 512',
      {
        firstStack: 5,
        stackParents: Array.from({ length: 513 }, (_, i) => (i ? i + 4 : 0)),
        stackFrames: Array(513).fill(1),
      },
    ],
    ['process start is', { processes: [{ ...process, id: 2, startNs: 2n ** 63n }] }],
  ])('%s', (message, value) => {
    define(definitions);
    expect(() => define(value)).toThrow(message);
    expect(() => define(value)).toThrow(FaultError);
  });

  it.each<[string, WindowInit]>([
    ['from 6 to 6', { ...window, fromNs: 6n, toNs: 6n }],
    ['has 3 columns', { ...window, columns: window.columns.slice(1) }],
    ['column thread has 1 values in 2 rows', column(0, [1])],
    ['column samples has 0 values in 2 rows', { ...column(3, []) }],
    ['thread 3 of 2', column(0, [1, 3])],
    ['stack 5 of 4', column(2, [5, 1])],
    ['200 events were seen and 100', { ...window, counters: { ...window.counters, kept: 0n, idle: 95n } }],
    ['has no counters', { ...window, counters: undefined }],
    ['33 causes of loss', { ...window, counters: { ...window.counters, lost: Array(33).fill({ cause: 'x' }) } }],
    ['end of a window is', { ...window, toNs: 2n ** 63n }],
    ['seen is', { ...window, counters: { seen: 2n ** 60n, kept: 2n ** 60n } }],
  ])('%s', (message, value) => {
    define(definitions);
    expect(() => show(value)).toThrow(message);
  });

  it.each<[string, number[][]]>([
    ['errno 4096 of 4095', [[1], [0x1000000], [4096], [10]]],
    ['bucket 256 of 255', [[1], [0x1000000], [0], [256]]],
    ['thread 3 of 2', [[3], [0x1000000], [0], [10]]],
  ])('%s', (message, keys) => {
    define(definitions);
    const columns = [...keys.map((u32) => ({ u32 })), { u64: [1n] }, { u64: [0n] }, { u64: [0n] }];
    const calls = { ...window, probe: 'syscalls', rows: 1, columns, counters: { seen: 1n, kept: 1n } };
    expect(() => show(calls)).toThrow(message);
  });

  it('a run id that is none', () => {
    expect(() => decoder.decode(frame(1, { case: 'device', value: { runId: RUN_ID.slice(1) } }))).toThrow(
      'run id of 15',
    );
  });

  it('random bytes: a Signal, null or an out-of-sync fault, never anything else', () => {
    const { seed, random, bytes } = seeded();
    for (let round = 0; round < 3000; round++) {
      const payload = bytes(Math.floor(random() * 200));
      // Half the rounds start as a definitions or window frame, to get past the first tag.
      if (random() < 0.5 && payload.length > 2) payload.set([random() < 0.5 ? 0x5a : 0x62, payload.length - 2]);
      try {
        decoder.decode(decodeAgentFrame(payload));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(FaultError);
        expect((error as FaultError).fault.code, `seed ${seed}`).toBe('out-of-sync');
      }
    }
  });
});
