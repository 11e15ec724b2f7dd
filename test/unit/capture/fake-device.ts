// A device that captures: it says what the test tells it to, in the bytes of bpf/loader/capture_wire.h.
import { PassThrough, Writable } from 'node:stream';
import type { Shell, SshChannel } from '../../../electron/ssh/index.ts';
import { encodeWire } from '../../../remote-agent/protocol/index.ts';
import { CAPTURE_SIZES, CAPTURE_WIRE, CAPTURE_WIRE_VERSION } from '../../../electron/capture/wire.ts';

export const START_NS = 1_700_000_000_123_456_789n;

export interface FakePacket {
  readonly ns?: bigint;
  readonly interface?: number;
  readonly bytes?: Uint8Array;
  readonly originalLength?: number;
  readonly sender?: number;
  readonly receiver?: number;
  readonly type?: number;
}

export const say = {
  begin(own: { readonly address: readonly number[]; readonly port: number } | null = null): Uint8Array {
    const bytes = Buffer.alloc(CAPTURE_SIZES.begin);
    bytes.writeUInt32LE(CAPTURE_WIRE_VERSION, 0);
    bytes.writeUInt32LE(262_144, 4);
    bytes.writeBigUInt64LE(START_NS, 8);
    if (own) {
      bytes.writeUInt16LE(own.port, 30);
      bytes.set(own.address, 48);
      bytes[64] = own.address.length === 4 ? 4 : 6;
    }
    return encodeWire(CAPTURE_WIRE.begin, bytes);
  },
  interface(id: number, name: string, linkType = 276): Uint8Array {
    const bytes = Buffer.alloc(CAPTURE_SIZES.interface);
    bytes.writeUInt32LE(id, 0);
    bytes.writeUInt16LE(linkType, 8);
    bytes.write(name, 12, 16);
    return encodeWire(CAPTURE_WIRE.interface, bytes);
  },
  process(pid: number, comm: string): Uint8Array {
    const bytes = Buffer.alloc(CAPTURE_SIZES.process);
    bytes.writeUInt32LE(pid, 0);
    bytes.write(comm, 4, 16, 'latin1');
    return encodeWire(CAPTURE_WIRE.process, bytes);
  },
  packets(...packets: FakePacket[]): Uint8Array {
    return encodeWire(CAPTURE_WIRE.packets, Buffer.concat(packets.map(packetBytes)));
  },
  counters(kept: number, lost: { ring?: number; rate?: number; own?: number } = {}): Uint8Array {
    const { ring = 0, rate = 0, own = 0 } = lost;
    const bytes = Buffer.alloc(CAPTURE_SIZES.counters);
    for (const [index, value] of [START_NS + 1_000_000_000n, kept + own + ring + rate, kept, own, ring, rate].entries())
      bytes.writeBigUInt64LE(BigInt(value), index * 8);
    return encodeWire(CAPTURE_WIRE.counters, bytes);
  },
  end: (how = 0): Uint8Array => encodeWire(CAPTURE_WIRE.end, Uint8Array.of(how, 0, 0, 0)),
};

function packetBytes(packet: FakePacket): Buffer {
  const { ns = START_NS, bytes = Buffer.from('packet'), type = 0 } = packet;
  const head = Buffer.alloc(CAPTURE_SIZES.packet);
  head.writeBigUInt64LE(ns, 0);
  head.writeUInt32LE(packet.interface ?? 0, 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(packet.originalLength ?? bytes.length, 16);
  head.writeUInt32LE(packet.sender ?? 0, 20);
  head.writeUInt32LE(packet.receiver ?? 0, 24);
  head.writeUInt8(type, 28);
  return Buffer.concat([head, bytes]);
}

export interface FakeDevice {
  readonly shell: Shell;
  /** What was run. */
  readonly commands: readonly string[];
  readonly channel: { readonly stdout: PassThrough; readonly stderr: PassThrough };
  /** The command's stdin was closed: it is asked to end. */
  readonly asked: Promise<void>;
  /** Ends the command. */
  exit(code: number | null): void;
}

export function fakeDevice(): FakeDevice {
  const commands: string[] = [];
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let ask: () => void = () => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  let end: (status: { code: number | null; signal: null }) => void = () => {};
  const exit = new Promise<{ code: number | null; signal: null }>((resolve) => (end = resolve));
  const stdin = new Writable({
    write: (_chunk, _encoding, done) => done(),
    final: (done) => {
      ask();
      done();
    },
  });
  const channel: SshChannel = { stdin, stdout, stderr, exit, kill: () => end({ code: null, signal: null }) };
  return {
    commands,
    channel: { stdout, stderr },
    asked,
    shell: {
      exec: () => Promise.reject(new Error('nothing but the capture is run')),
      spawn: async (command) => {
        commands.push(command);
        return channel;
      },
    },
    exit: (code) => {
      stdout.end();
      end({ code, signal: null });
    },
  };
}
