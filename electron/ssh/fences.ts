/**
 * What a far side may not do, and ssh2 lets it: it trusts a server to keep its promises. Besides pulse.ts the only file
 * that touches what ssh2 keeps to itself.
 */
import type { Duplex, Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** An upload may lie here as a whole, where the device lets all of it come at once: 16 MB in packets of 32 KB. */
const MAX_UNSENT_BYTES = 64 << 20;
/** An answer has 50 bytes, and takes a kilobyte while it waits. */
const MAX_UNSENT_PACKETS = 50_000;
/** ssh2 allows 2 MB to be under way; a reader that pauses may hold as much, and one packet. */
const MAX_UNREAD_BYTES = 8 << 20;
/** The smallest that real servers name is 16 KB. Of 0 bytes, ssh2 would send packets for ever; of 1, a thousand times as much. */
const MIN_PACKET_BYTES = 1024;

/** Node's own, which counts what waits. */
interface Waiting {
  readonly _writableState?: { readonly bufferedRequestCount?: number };
}

interface Internals {
  readonly outgoing?: { readonly packetSize?: number };
}

/** Each question of the far side is answered: one that asks without end and reads no answers would fill the memory with them. */
export function fenceStream(stream: Duplex): void {
  stream.on('data', () => {
    const packets = (stream as Waiting)._writableState?.bufferedRequestCount ?? 0;
    if (stream.writableLength > MAX_UNSENT_BYTES || packets > MAX_UNSENT_PACKETS)
      stream.destroy(new Error('the device asks and asks, and reads no answers'));
  });
}

/** null, or why the channel cannot be used. */
export function refuseChannel(channel: ClientChannel): string | null {
  const size = (channel as unknown as Internals).outgoing?.packetSize ?? 0;
  return size < MIN_PACKET_BYTES ? `the device takes packets of ${size} bytes only` : null;
}

/** A channel promises to send no more than it was asked for; `onTooMuch` is called where that is not kept. */
export function fenceChannel(channel: ClientChannel, onTooMuch: () => void): void {
  for (const stream of [channel, channel.stderr] as readonly Readable[]) {
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown) => {
      if (stream.readableLength <= MAX_UNREAD_BYTES) return push(chunk);
      onTooMuch();
      return false;
    };
  }
}
