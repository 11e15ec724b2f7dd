/**
 * The agent's side of bpf/loader/wire.h: a stream of messages, each with this header, little endian.
 *
 *      ┌──────────────┬───────────┬───────────┬──────────────┬─────────
 *      │ u32 length   │ u16 type  │ u16 flags │ u64 batch    │ payload (length bytes)
 *      └──────────────┴───────────┴───────────┴──────────────┴─────────
 *
 * The numbers here are those of wire.h; `loader describe` prints them and a test holds the two together.
 */
import { isFaultCode, raise, type Fault } from './fault.ts';
import { safeText } from './text.ts';
import { TEXT } from './limits.ts';

export const WIRE_VERSION = 1;
export const WIRE = {
  ready: 1,
  batchBegin: 2,
  stacks: 3,
  rows: 4,
  counters: 5,
  batchEnd: 6,
  fault: 7,
  worker: 8,
  cost: 9,
  note: 10,
  known: 64,
  forget: 65,
} as const;

export const SPACE = { kernel: 0, user: 1, userBuildId: 2 } as const;
export const BUILD_ID_STATUS = { empty: 0, valid: 1, address: 2 } as const;
export const BUILD_ID_LENGTH = 20;
export const STACK_HEADER_LENGTH = 16;
export const ADDRESS_LENGTH = 8;
export const BUILD_ID_FRAME_LENGTH = 32;
export const MAX_WIRE_FRAMES = 127;

/** struct wire_flow: where its members lie, in bytes. Addresses have 16, an IPv4 one the first four of them. */
export const FLOW_LENGTH = 64;
export const FLOW = {
  cookie: 0,
  openedNs: 8,
  netns: 16,
  local: 24,
  remote: 40,
  ports: 56,
  /** Family, protocol, direction and flags, a byte each. */
  kind: 60,
} as const;
export const FLOW_LISTENING = 3;

const HEADER_LENGTH = 16;
const MAX_LENGTH = 4 << 20;

/** `payload` is a view: it lives until the next push. */
export interface WireMessage {
  readonly type: number;
  /** Batch numbers count up from 1 per keeper; a double holds them exactly. */
  readonly batch: number;
  readonly payload: Uint8Array;
}

export interface WireReady {
  readonly cpus: number;
  readonly mapBytes: bigint;
  readonly atNs: bigint;
  readonly keeperPid: number;
  readonly workerPid: number;
}

export interface WireCounters {
  readonly seen: bigint;
  readonly kept: bigint;
  readonly idle: bigint;
  readonly filtered: bigint;
  readonly lostMapFull: bigint;
  readonly lostStacksFull: bigint;
  readonly incompleteStacks: bigint;
  readonly lostRateLimit: bigint;
}

export interface WireCost {
  readonly atNs: bigint;
  readonly cpuNs: bigint;
  readonly bpfCpuNs: bigint;
  readonly residentBytes: bigint;
}

export interface WireWorker {
  readonly workerPid: number;
  readonly waitStatus: number;
  readonly restarts: number;
}

/**
 * Cuts the loader's stdout into messages. A message inside one chunk is a view of it; what is split over chunks is
 * collected in one growing buffer that is kept and reused, so a steady stream allocates nothing.
 */
export class WireReader {
  private held = new Uint8Array(64 << 10);
  private length = 0;

  /** Calls `take` for each whole message; its payload must not be kept. */
  push(chunk: Uint8Array, take: (message: WireMessage) => void): void {
    let rest = chunk;
    if (this.length > 0) {
      this.append(chunk);
      rest = this.held.subarray(0, this.length);
    }
    let at = 0;
    while (rest.length - at >= HEADER_LENGTH) {
      const view = viewOf(rest.subarray(at));
      const length = view.getUint32(0, true);
      if (length > MAX_LENGTH)
        raise('out-of-sync', `cannot read the loader: a message claims to be ${length} bytes long`);
      const end = at + HEADER_LENGTH + length;
      if (rest.length < end) break;
      const batch = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32;
      take({ type: view.getUint16(4, true), batch, payload: rest.subarray(at + HEADER_LENGTH, end) });
      at = end;
    }
    this.keep(rest, at);
  }

  private append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.held.length) {
      const grown = new Uint8Array(Math.max(needed, this.held.length * 2));
      grown.set(this.held.subarray(0, this.length));
      this.held = grown;
    }
    this.held.set(chunk, this.length);
    this.length = needed;
  }

  private keep(rest: Uint8Array, at: number): void {
    if (rest.buffer === this.held.buffer) this.held.copyWithin(0, at, rest.length);
    else if (at < rest.length) {
      this.length = 0;
      this.append(rest.subarray(at));
    }
    this.length = rest.length - at;
  }
}

export function encodeWire(type: number, payload: Uint8Array, batch = 0): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + payload.length);
  const view = viewOf(bytes);
  view.setUint32(0, payload.length, true);
  view.setUint16(4, type, true);
  view.setBigUint64(8, BigInt(batch), true);
  bytes.set(payload, HEADER_LENGTH);
  return bytes;
}

/** WIRE_KNOWN or WIRE_FORGET. */
export function encodeProcesses(type: typeof WIRE.known | typeof WIRE.forget, tgids: readonly number[]): Uint8Array {
  const payload = new Uint8Array(tgids.length * 4);
  const view = viewOf(payload);
  for (const [i, tgid] of tgids.entries()) view.setUint32(i * 4, tgid, true);
  return encodeWire(type, payload);
}

export function parseReady(payload: Uint8Array): WireReady {
  const view = sized(payload, 32, 'ready');
  const version = view.getUint32(0, true);
  if (version !== WIRE_VERSION)
    raise('agent-version', `cannot use the loader: it speaks version ${version}, the agent ${WIRE_VERSION}`);
  return {
    cpus: view.getUint32(4, true),
    mapBytes: view.getBigUint64(8, true),
    atNs: view.getBigUint64(16, true),
    keeperPid: view.getUint32(24, true),
    workerPid: view.getUint32(28, true),
  };
}

export function parseBatchBegin(payload: Uint8Array): { fromNs: bigint; toNs: bigint } {
  const view = sized(payload, 16, 'batch begin');
  return { fromNs: view.getBigUint64(0, true), toNs: view.getBigUint64(8, true) };
}

export function parseCounters(payload: Uint8Array): WireCounters {
  const view = sized(payload, 64, 'counters');
  const field = (index: number) => view.getBigUint64(index * 8, true);
  return {
    seen: field(0),
    kept: field(1),
    idle: field(2),
    filtered: field(3),
    lostMapFull: field(4),
    lostStacksFull: field(5),
    incompleteStacks: field(6),
    lostRateLimit: field(7),
  };
}

export function parseWorker(payload: Uint8Array): WireWorker {
  const view = sized(payload, 16, 'worker');
  return { workerPid: view.getUint32(0, true), waitStatus: view.getInt32(4, true), restarts: view.getUint32(8, true) };
}

export function parseCost(payload: Uint8Array): WireCost {
  const view = sized(payload, 32, 'cost');
  return {
    atNs: view.getBigUint64(0, true),
    cpuNs: view.getBigUint64(8, true),
    bpfCpuNs: view.getBigUint64(16, true),
    residentBytes: view.getBigUint64(24, true),
  };
}

/** code \0 message \0 hint \0 detail \0 */
export function parseWireFault(payload: Uint8Array, probe: string): Fault {
  const [code = '', message = '', hint = '', detail = ''] = new TextDecoder().decode(payload).split('\0');
  return {
    code: isFaultCode(code) ? code : 'loader-crashed',
    message: safeText(message, TEXT.fault) || 'the loader failed and did not say why',
    ...(hint ? { hint: safeText(hint, TEXT.fault) } : {}),
    ...(detail ? { detail: detail.slice(-TEXT.fault) } : {}),
    probe,
  };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sized(payload: Uint8Array, length: number, what: string): DataView {
  if (payload.length !== length)
    raise('out-of-sync', `cannot read the loader: ${what} has ${payload.length} bytes instead of ${length}`);
  return viewOf(payload);
}
