import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  encodeProcesses,
  encodeWire,
  FaultError,
  FLOW,
  FLOW_LENGTH,
  FLOW_LISTENING,
  parseBatchBegin,
  parseCost,
  parseCounters,
  parseReady,
  parseWireFault,
  parseWorker,
  WIRE,
  type WireMessage,
  WireReader,
} from '../../../remote-agent/protocol/index.ts';
import { seeded } from './seeded.ts';

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function read(chunks: Uint8Array[]): WireMessage[] {
  const reader = new WireReader();
  const messages: WireMessage[] = [];
  for (const chunk of chunks)
    reader.push(chunk, (message) => messages.push({ ...message, payload: message.payload.slice() }));
  return messages;
}

const sent: WireMessage[] = [
  { type: WIRE.batchBegin, batch: 7, payload: new Uint8Array(16).fill(1) },
  { type: WIRE.rows, batch: 7, payload: new Uint8Array(300).fill(2) },
  { type: WIRE.batchEnd, batch: 7, payload: new Uint8Array(0) },
  { type: WIRE.cost, batch: 2 ** 40, payload: new Uint8Array(32).fill(3) },
];
const stream = join(...sent.map(({ type, payload, batch }) => encodeWire(type, payload, batch)));

describe('the stream of the loader', () => {
  it('has this header for ever', () => {
    expect(encodeWire(WIRE.rows, text('ab'), 5)).toEqual(bytes('02000000 0400 0000 0500000000000000 6162'));
    expect(encodeProcesses(WIRE.known, [1, 258])).toEqual(
      bytes('08000000 4000 0000 0000000000000000 01000000 02010000'),
    );
  });

  it('is read whole wherever it is split', () => {
    for (let first = 0; first <= stream.length; first++)
      for (const second of [first, first + 3, stream.length])
        expect(read([stream.slice(0, first), stream.slice(first, second), stream.slice(second)])).toEqual(sent);
  });

  it('is read byte by byte, and beyond the first buffer', () => {
    expect(read([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(sent);
    const large = encodeWire(WIRE.stacks, new Uint8Array(1 << 20).fill(9), 8);
    const chunks = Array.from({ length: Math.ceil(large.length / 65_536) }, (_, i) =>
      large.slice(i * 65_536, (i + 1) * 65_536),
    );
    expect(read([...chunks, stream]).map(({ payload }) => payload.length)).toEqual([1 << 20, 16, 300, 0, 32]);
  });

  it('gives nothing of a message that is cut short', () => {
    const one = encodeWire(WIRE.rows, text('abc'));
    for (let end = 0; end < one.length; end++) expect(read([one.slice(0, end)])).toEqual([]);
  });

  it('with an impossible length is out of sync', () => {
    expect(() => read([bytes('01004000 0400 0000 0000000000000000')])).toThrow(FaultError);
  });

  it('of random bytes gives messages or a fault', () => {
    const { seed, random, bytes: noise } = seeded();
    for (let round = 0; round < 300; round++) {
      try {
        read([noise(Math.floor(random() * 500)), noise(Math.floor(random() * 500))]);
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(FaultError);
      }
    }
  });
});

describe('messages', () => {
  it('ready', () => {
    const payload = bytes('01000000 02000000 0000100000000000 e803000000000000 0a000000 0b000000');
    expect(parseReady(payload)).toEqual({ cpus: 2, mapBytes: 1n << 20n, atNs: 1000n, keeperPid: 10, workerPid: 11 });
    payload[0] = 2;
    expect(() => parseReady(payload)).toThrow('speaks version 2');
  });

  it('batch begin, worker, cost', () => {
    expect(parseBatchBegin(bytes('0100000000000000 0200000000000000'))).toEqual({ fromNs: 1n, toNs: 2n });
    expect(parseWorker(bytes('05000000 ffffffff 01000000 00000000'))).toEqual({
      workerPid: 5,
      waitStatus: -1,
      restarts: 1,
    });
    expect(parseCost(bytes('0100000000000000 0200000000000000 0300000000000000 0400000000000000'))).toEqual({
      atNs: 1n,
      cpuNs: 2n,
      bpfCpuNs: 3n,
      residentBytes: 4n,
    });
  });

  it('counters', () => {
    const fields = ['seen', 'kept', 'idle', 'filtered', 'lostMapFull', 'lostStacksFull', 'incompleteStacks'] as const;
    const counters = parseCounters(bytes(Array.from({ length: 8 }, (_, i) => `0${i + 1}00000000000000`).join('')));
    expect(fields.map((field) => counters[field])).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
  });

  it('fault', () => {
    const fault = parseWireFault(text('kernel-no-tracefs\0cannot attach\0mount it\0line 1\nline 2\0'), 'cpu-profile');
    expect(fault).toEqual({
      code: 'kernel-no-tracefs',
      message: 'cannot attach',
      hint: 'mount it',
      detail: 'line 1\nline 2',
      probe: 'cpu-profile',
    });
    expect(parseWireFault(text('nonsense'), 'p')).toMatchObject({ code: 'loader-crashed' });
  });

  it('of the wrong size are refused', () => {
    expect(() => parseCounters(new Uint8Array(63))).toThrow('63 bytes instead of 64');
  });
});

describe('struct wire_flow', () => {
  const header = readFileSync(new URL('../../../bpf/loader/wire.h', import.meta.url), 'utf8');
  const body = /struct wire_flow \{([^}]*)\};/.exec(header)?.[1] ?? '';
  const SIZES = { uint64_t: 8, uint16_t: 2, uint8_t: 1 };

  it('lies in memory as the agent reads it', () => {
    let end = 0;
    const offsets = Object.fromEntries(
      [...body.matchAll(/(uint\d+_t) (\w+)(?:\[(\d+)\])?;/g)].map(([, type, name, count = '1']) => {
        const start = end;
        end += SIZES[type as keyof typeof SIZES] * Number(count);
        return [name, start];
      }),
    );
    expect(offsets).toEqual({
      cookie: FLOW.cookie,
      opened_ns: FLOW.openedNs,
      netns: FLOW.netns,
      local: FLOW.local,
      remote: FLOW.remote,
      local_port: FLOW.ports,
      remote_port: FLOW.ports + 2,
      family: FLOW.kind,
      protocol: FLOW.kind + 1,
      direction: FLOW.kind + 2,
      flags: FLOW.kind + 3,
    });
    expect(end).toBe(FLOW_LENGTH);
    expect(header).toContain(`WIRE_FLOW_LISTENING = ${FLOW_LISTENING},`);
  });
});
