/**
 * The byte stream between agent and workstation, the same in both directions:
 *
 *      ┌────────────────┬───────────┬───────────┬──────────────┬───────────────┬──────────────┬───
 *      │ 8 magic bytes  │ u16 major │ u16 minor │ u32 length   │ payload       │ u32 length   │ …
 *      └────────────────┴───────────┴───────────┴──────────────┴───────────────┴──────────────┴───
 *       └────────── preamble, once ────────────┘ └─── frame: one protobuf message ──┘       little endian
 */
import { FaultError } from './fault.ts';
import { deviceText } from './text.ts';

/** Peers with equal major understand each other; a higher minor only adds fields and frames older readers skip. */
export const PROTOCOL_VERSION = { major: 1, minor: 0 } as const;

/**
 * 0x8d: unprintable, not ASCII and never the start of a UTF-8 character, so nothing a login shell prints can hold it,
 * and a channel that strips the eighth bit breaks it. CR LF: a terminal that translates line ends breaks it.
 */
const MAGIC = Uint8Array.of(0x8d, 0x53, 0x4f, 0x4e, 0x44, 0x45, 0x0d, 0x0a);
const PREAMBLE_LENGTH = MAGIC.length + 4;
const HEADER_LENGTH = 4;
/** Far above the largest batch (a full stack table is ~2 MB) and small enough to allocate on a stranger's word. */
export const MAX_FRAME_LENGTH = 4 << 20;
/** Shell profiles print banners and warnings before our first byte; nobody's is longer than this. */
const MAX_JUNK_LENGTH = 64 << 10;
const JUNK_TEXT_LENGTH = 2000;

export interface ProtocolVersion {
  readonly major: number;
  readonly minor: number;
}

export function encodePreamble(version: ProtocolVersion = PROTOCOL_VERSION): Uint8Array {
  const bytes = new Uint8Array(PREAMBLE_LENGTH);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint16(MAGIC.length, version.major, true);
  view.setUint16(MAGIC.length + 2, version.minor, true);
  return bytes;
}

/** Length and payload in one new buffer. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_FRAME_LENGTH) throw new Error(`frame of ${payload.length} bytes`);
  const bytes = new Uint8Array(HEADER_LENGTH + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length, true);
  bytes.set(payload, HEADER_LENGTH);
  return bytes;
}

/**
 * Cuts a byte stream into payloads. A payload that lies within one chunk is handed out as a view of that chunk; one
 * that is split over chunks is copied once into a buffer of its own. After a fault the reader stays broken.
 */
export class FrameReader {
  /** The peer's version; null until its preamble came. */
  version: ProtocolVersion | null = null;
  /** Bytes before the magic while it is searched; afterwards an unfinished preamble or frame header (< 12 bytes). */
  private held: Uint8Array = new Uint8Array(0);
  private junk: Uint8Array = new Uint8Array(0);
  private body: Uint8Array | null = null;
  private filled = 0;
  private broken: FaultError | null = null;

  /** What came before the magic, as text: for the detail of whatever fault follows. */
  get junkText(): string {
    return deviceText(this.version ? this.junk : this.held, JUNK_TEXT_LENGTH);
  }

  push(chunk: Uint8Array): Uint8Array[] {
    if (this.broken) throw this.broken;
    // Of a Buffer, slice() is no copy: whoever keeps ten bytes of it would keep all that came with them.
    const plain = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    try {
      const rest = this.version ? plain : this.seekPreamble(plain);
      return rest.length > 0 ? this.cutFrames(rest) : [];
    } catch (error) {
      if (error instanceof FaultError) this.broken = error;
      throw error;
    }
  }

  /** Collects until the whole preamble is there; returns what follows it. */
  private seekPreamble(chunk: Uint8Array): Uint8Array {
    const all = concat(this.held, chunk);
    const at = findMagic(all);
    if (at < 0 || all.length < at + PREAMBLE_LENGTH) {
      this.held = all;
      if ((at < 0 ? all.length : at) > MAX_JUNK_LENGTH) this.fail('the other side does not speak the Sonde protocol');
      return new Uint8Array(0);
    }
    if (at > MAX_JUNK_LENGTH) this.fail('the other side does not speak the Sonde protocol');
    const view = new DataView(all.buffer, all.byteOffset + at + MAGIC.length, 4);
    const version = { major: view.getUint16(0, true), minor: view.getUint16(2, true) };
    this.junk = all.slice(0, at);
    this.held = new Uint8Array(0);
    this.version = version;
    if (version.major !== PROTOCOL_VERSION.major) this.failVersion(version);
    return all.subarray(at + PREAMBLE_LENGTH);
  }

  private cutFrames(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.body) {
        rest = this.fill(this.body, rest, frames);
        continue;
      }
      const needed = HEADER_LENGTH - this.held.length;
      if (rest.length < needed) {
        this.held = concat(this.held, rest);
        break;
      }
      const length = readLength(this.held, rest);
      if (length > MAX_FRAME_LENGTH) this.fail(`a frame claims to be ${length} bytes long`);
      this.held = new Uint8Array(0);
      rest = rest.subarray(needed);
      if (rest.length >= length) {
        frames.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      } else {
        this.body = new Uint8Array(length);
        this.filled = 0;
      }
    }
    return frames;
  }

  private fill(body: Uint8Array, chunk: Uint8Array, frames: Uint8Array[]): Uint8Array {
    const take = Math.min(chunk.length, body.length - this.filled);
    body.set(chunk.subarray(0, take), this.filled);
    this.filled += take;
    if (this.filled === body.length) {
      frames.push(body);
      this.body = null;
    }
    return chunk.subarray(take);
  }

  private fail(what: string): never {
    const detail = this.junkText;
    throw new FaultError({
      code: 'out-of-sync',
      message: `cannot read the stream: ${what}`,
      hint: this.version
        ? 'Remove Sonde from the device and connect again. A device that does this on purpose is not to be trusted.'
        : 'Look at what the login shell of this user prints: it must be silent for commands that are not interactive.',
      ...(detail ? { detail } : {}),
    });
  }

  private failVersion(version: ProtocolVersion): never {
    throw new FaultError({
      code: 'agent-version',
      message: `cannot talk: the other side speaks protocol ${version.major}.${version.minor}, this side ${PROTOCOL_VERSION.major}.${PROTOCOL_VERSION.minor}`,
      hint: 'Remove the agent from the device and connect again: a matching one is installed.',
    });
  }
}

function readLength(held: Uint8Array, rest: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < HEADER_LENGTH; i++) {
    const byte = i < held.length ? held[i] : rest[i - held.length];
    length += (byte ?? 0) * 2 ** (8 * i);
  }
  return length;
}

/** Where the magic starts, whole or cut off at the end of `bytes`; -1 where it does not. */
function findMagic(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(MAGIC[0] ?? 0); at >= 0; at = bytes.indexOf(MAGIC[0] ?? 0, at + 1)) {
    if (MAGIC.every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte)) return at;
  }
  return -1;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
