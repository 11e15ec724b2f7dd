/** Flow definitions from the loader's bytes to Signals, and what is refused on the way. */
import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  decodeAgentFrame,
  encodeAgentFrame,
  FaultError,
  type FlowDef,
  FlowRunWriter,
  type Signal,
  SignalDecoder,
} from '../../../remote-agent/protocol/index.ts';
import { FlowRunSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { MAX_FLOWS_AT_ONCE } from '../../../remote-agent/protocol/limits.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowRunOf } from '../../../remote-agent/protocol/encode-flows.ts';
import { flowDef } from '../../fixtures/flows.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { wireFlow } from '../agent/wire-writer.mjs';
import { device, frame } from './sample-run.ts';
import { seeded } from './seeded.ts';

type RunInit = MessageInitShape<typeof FlowRunSchema>;

let decoder: SignalDecoder;
beforeEach(() => {
  decoder = new SignalDecoder();
  decoder.decode(device);
});

const define = (flows: RunInit | undefined) =>
  decoder.decode(frame(2, { case: 'definitions', value: { flows } })) as Signal & { flows: FlowDef[] };
const V6 = Uint8Array.from(Buffer.from('20010db8000000000000000000000001', 'hex'));

const SOME: FlowDef[] = [
  flowDef({ id: 1, openedNs: 5e12 + 1000 }),
  flowDef({
    id: 2,
    direction: 'in',
    openedNs: 4e12,
    localPort: 8883,
    remoteAddress: '203.0.113.7',
    remotePort: 51_000,
    isOwn: true,
  }),
  flowDef({ id: 3, direction: 'listening', localAddress: '0.0.0.0', remoteAddress: '', remotePort: 0, openedNs: 0 }),
  flowDef({ id: 4, protocol: 17, family: 6, localAddress: '2001:db8::1', remoteAddress: '::1', netns: 4_026_531_992 }),
  flowDef({
    id: 5,
    family: 0,
    localAddress: '',
    remoteAddress: '',
    localPort: 0,
    remotePort: 0,
    isOthers: true,
    netns: 0,
  }),
];

describe('flows', () => {
  it('come out as they went in, through bytes', () => {
    const [sent] = framesFromSignals([definitionsOf({ flows: SOME })]);
    const signal = decoder.decode(decodeAgentFrame(encodeAgentFrame(sent as never)));
    expect(signal).toEqual({ ...definitionsOf({ flows: SOME }) });
  });

  it('have ids that rise; what is missing between two records was lost', () => {
    expect(define(flowRunOf([flowDef({ id: 1 })])).flows).toHaveLength(1);
    expect(define(flowRunOf([flowDef({ id: 900 }), flowDef({ id: 901 })])).flows.map(({ id }) => id)).toEqual([
      900, 901,
    ]);
    expect(() => define(flowRunOf([flowDef({ id: 901 })]))).toThrow('flow ids start at 901 after 901');
  });

  it('are written by the agent as the loader has them', () => {
    const writer = new FlowRunWriter();
    const loader = [
      { cookie: 9, opened: 7_000_001_999, localPort: 40_001 },
      { direction: 2, flags: 2, protocol: 17, localPort: 53, remote: '10.0.0.77', netns: 4_026_531_999 },
      { direction: 3, local: '0.0.0.0', remote: '0.0.0.0', remotePort: 0, netns: 0 },
      { family: 6, protocol: 58, local: V6, remote: V6, localPort: 0, remotePort: 0 },
      { family: 0, protocol: 17, flags: 1, local: '0.0.0.0', remote: '0.0.0.0' },
    ];
    for (const [i, one] of loader.entries()) {
      const bytes = new Uint8Array(wireFlow(one as never)); // aligned, as rows are
      writer.add(i + 1, new Uint32Array(bytes.buffer), 0);
    }
    const { flows } = define(fromBinary(FlowRunSchema, writer.take() ?? expect.fail('nothing')));
    const ends = (flow: FlowDef) =>
      `${flow.protocol} ${flow.direction} ${flow.localAddress}:${flow.localPort} ${flow.remoteAddress}:${flow.remotePort}`;
    expect(flows.map(ends)).toEqual([
      '6 out 10.0.0.2:40001 10.0.0.9:1883',
      '17 in 10.0.0.2:53 10.0.0.77:1883',
      '6 listening 0.0.0.0:40000 :0',
      '58 out 2001:db8::1:0 2001:db8::1:0',
      '17 out :40000 :1883',
    ]);
    expect(flows.map(({ openedNs }) => openedNs)).toEqual([7_000_002_000, 0, 0, 0, 0]);
    expect(flows.map(({ netns }) => netns)).toEqual([0xf000_0000, 4_026_531_999, 0, 0xf000_0000, 0xf000_0000]);
    expect(flows.map(({ family, isOthers, isOwn }) => [family, isOthers, isOwn])).toEqual([
      [4, false, false],
      [4, false, true],
      [4, false, false],
      [6, false, false],
      [0, true, false],
    ]);
    expect(writer.take()).toBeNull();
  });

  it('of many addresses find each of them again', () => {
    const writer = new FlowRunWriter();
    const remotes = Array.from({ length: 500 }, (_, i) => `10.${i % 7}.${i % 3}.${(i * 37) % 200}`);
    for (const [i, remote] of remotes.entries())
      writer.add(i + 1, new Uint32Array(new Uint8Array(wireFlow({ remote } as never)).buffer), 0);
    const run = fromBinary(FlowRunSchema, writer.take() ?? expect.fail('nothing'));
    expect(run.addresses).toHaveLength(new Set(remotes).size + 1);
    expect(define(run).flows.map(({ remoteAddress }) => remoteAddress)).toEqual(remotes);
  });
});

describe('flows are refused', () => {
  const run = (change: RunInit) => ({ ...flowRunOf([flowDef({ id: 1 }), flowDef({ id: 2 })]), ...change });
  it.each<[string, RunInit]>([
    ['flow ids start at 0', { first: 0 }],
    ['flow ids start at 4294967295', { first: 0xffff_ffff }],
    [`${MAX_FLOWS_AT_ONCE + 1} flows at once`, { count: MAX_FLOWS_AT_ONCE + 1 }],
    ['list kinds does not hold 2 flows', { kinds: Uint8Array.of(0, 1) }],
    ['an address of 5 bytes', { addresses: [new Uint8Array(5), new Uint8Array(4)] }],
    ['between IPv4 and IPv6', { addresses: [new Uint8Array(4), new Uint8Array(16)] }],
    ['local address 1 of 0', { addresses: [] }],
    ['local port 65536', { localPorts: Uint8Array.of(0, 0, 0x80, 0x80, 4) }],
    ['namespace 9 of 0', { namespaces: [], netns: Uint8Array.of(0, 9, 9) }],
    ['a network namespace is', { namespaces: [2n ** 60n] }],
    ['kind 4096', { kinds: Uint8Array.of(0, 0x80, 0x20, 0) }],
  ])('%s', (message, change) => {
    expect(() => define(run(change))).toThrow(message);
  });

  it('or read, whatever their bytes are', () => {
    const { seed, random, bytes } = seeded();
    const [sent] = framesFromSignals([definitionsOf({ flows: SOME })]);
    const good = encodeAgentFrame(sent ?? expect.fail('no frame'));
    for (let round = 0; round < 2000; round++) {
      const whole = good.slice();
      for (let flips = 0; flips < 3; flips++) whole[Math.floor(random() * whole.length)] = bytes(1)[0] as number;
      const fresh = new SignalDecoder();
      fresh.decode(device);
      try {
        fresh.decode(decodeAgentFrame(whole));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(FaultError);
      }
    }
  });
});

describe('names of addresses', () => {
  const name = (address: Uint8Array, text: string) =>
    decoder.decode(
      frame(2, { case: 'definitions', value: { addressNames: [{ address, name: new TextEncoder().encode(text) }] } }),
    );

  it('are safe text for canonical addresses', () => {
    expect(name(V6, 'gate\u202eway')).toMatchObject({
      addressNames: [{ address: '2001:db8::1', name: 'gate\\u{202e}way', source: 'hosts' }],
    });
  });

  it('of no address are refused', () => expect(() => name(new Uint8Array(3), 'x')).toThrow('an address of 3 bytes'));

  it('may be no more than there can be', () => {
    const addressNames = Array.from({ length: 20_001 }, () => ({ address: new Uint8Array(4) }));
    expect(() => decoder.decode(frame(2, { case: 'definitions', value: { addressNames } }))).toThrow('20001 names');
  });
});

it('an empty run is none', () => expect(define(create(FlowRunSchema)).flows).toEqual([]));
