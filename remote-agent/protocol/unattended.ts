/**
 * A recording that the device makes by itself: what the workstation orders (plan.json), what the agent says of it
 * (status.json), and the file that it fills (records). All three lie in one folder of Sonde's private directory:
 *
 *      flight/ID/plan.json  status.json  records  log
 *
 * The agent of a session whose client never came back leaves one, too, with the last that it had: without plan and log.
 *
 * `records` is a run of blocks, each whole by itself: a power cut loses the last one.
 *
 *      ┌───────────┬──────────────┬───────────────────────────────────────────────┬───
 *      │ "SNDB"    │ u32 length   │ gzip (its CRC-32 inside) of frames: framing.ts │ …
 *      └───────────┴──────────────┴───────────────────────────────────────────────┴───   little endian
 */
import { raise } from './fault.ts';
import { TEXT } from './limits.ts';
import { findProbe } from './probes/index.ts';
import { safeText } from './text.ts';
import { MAX_TRIGGERS, parseTrigger } from './triggers.ts';

export interface UnattendedPlan {
  readonly id: string;
  /** As the user has called the device: for the recording that becomes of it. */
  readonly destination: string;
  /** The workstation's clock when the plan was sent, ms since 1970: the device's may say anything. */
  readonly workstationMs: number;
  readonly probes: readonly { readonly probe: string; readonly options: Readonly<Record<string, string>> }[];
  readonly forS: number;
  readonly maxBytes: number;
  /** None: all is kept. Else only what is around one that fires. */
  readonly triggers: readonly string[];
  readonly beforeS: number;
  readonly afterS: number;
}

export type UnattendedState = 'starting' | 'recording' | 'ended';
/** Somebody ordered it, or it is what was left of a session that broke off. */
export type UnattendedOrigin = 'order' | 'session';

export interface UnattendedStatus {
  readonly id: string;
  readonly origin: UnattendedOrigin;
  readonly state: UnattendedState;
  /** Why it ended; '' before. */
  readonly reason: string;
  readonly hostname: string;
  readonly destination: string;
  readonly pid: number;
  /** When it began by the workstation's clock, ms since 1970. */
  readonly startedMs: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly forS: number;
  readonly probes: readonly string[];
  /** Of probes that do not run. */
  readonly failures: readonly string[];
  readonly triggers: readonly string[];
  readonly firings: number;
}

export const MIN_UNATTENDED_BYTES = 1e6;
export const MAX_UNATTENDED_BYTES = 100e9;
/** A month: beyond that a doubled nanosecond is the least worry. */
export const MAX_UNATTENDED_S = 31 * 24 * 3600;
export const MAX_AROUND_S = 600;
/** Above it the agent cannot hold what was before a trigger. */
export const DEFAULT_AROUND_S = 30;

const ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;
const ID_TIME_LENGTH = 15;
const MAX_LIST = 32;
/** The largest of its numbers is a time in ms since 1970: of the year 2100. */
const MAX_STATUS_NUMBER = 4_102_444_800_000;

export function isUnattendedId(id: string): boolean {
  return ID.test(id);
}

/** Sorted by time; `random`, six hexadecimal digits, tells two of one second apart. `atMs`: the workstation's clock. */
export function unattendedId(atMs: number, random: string): string {
  const digits = new Date(atMs).toISOString().replace(/[-:]/g, '').replace('T', '-');
  return `${digits.slice(0, ID_TIME_LENGTH)}-${random}`;
}

/** From the workstation, on the device. Raises `bad-option` with what cannot be done. */
export function parsePlan(text: string): UnattendedPlan {
  const plan = jsonObject(text) as Partial<UnattendedPlan> | null;
  if (!plan || !isUnattendedId(String(plan.id))) return refuse('the plan cannot be read');
  const { probes, triggers } = plan;
  if (!Array.isArray(probes) || !Array.isArray(triggers) || triggers.length > MAX_TRIGGERS)
    return refuse('probes or triggers are missing');
  for (const { probe } of probes)
    if (!findProbe(String(probe))) return refuse(`there is no probe ${safeText(String(probe), TEXT.short)}`);
  for (const trigger of triggers) parseTrigger(String(trigger));
  if (!isBetween(plan.forS, 1, MAX_UNATTENDED_S)) return refuse('the time is out of range');
  if (!isBetween(plan.maxBytes, MIN_UNATTENDED_BYTES, MAX_UNATTENDED_BYTES)) return refuse('the size is out of range');
  if (!isBetween(plan.beforeS, 0, MAX_AROUND_S) || !isBetween(plan.afterS, 1, MAX_AROUND_S))
    return refuse('the time around triggers is out of range');
  return plan as UnattendedPlan;
}

/** From the device, on the workstation: hostile input. null = there is none worth the name. */
export function parseStatus(text: string): UnattendedStatus | null {
  const found = jsonObject(text);
  const id = String(found?.['id']);
  const state = found?.['state'];
  if (!found || !isUnattendedId(id) || (state !== 'starting' && state !== 'recording' && state !== 'ended'))
    return null;
  const number = (name: string): number => {
    const value = found[name];
    return typeof value === 'number' && value >= 0 && value <= MAX_STATUS_NUMBER ? value : 0;
  };
  const word = (value: unknown): string => (typeof value === 'string' ? safeText(value, TEXT.fault) : '');
  const list = (name: string): string[] => {
    const value = found[name];
    return Array.isArray(value) ? value.slice(0, MAX_LIST).map(word) : [];
  };
  return {
    id,
    origin: found['origin'] === 'session' ? 'session' : 'order',
    state,
    reason: word(found['reason']),
    hostname: safeText(word(found['hostname']), TEXT.short),
    destination: safeText(word(found['destination']), TEXT.short),
    pid: number('pid'),
    startedMs: number('startedMs'),
    seconds: number('seconds'),
    bytes: number('bytes'),
    maxBytes: number('maxBytes'),
    forS: number('forS'),
    probes: list('probes'),
    failures: list('failures'),
    triggers: list('triggers'),
    firings: number('firings'),
  };
}

const BLOCK_MAGIC = Uint8Array.of(0x53, 0x4e, 0x44, 0x42);
export const BLOCK_HEADER_LENGTH = BLOCK_MAGIC.length + 4;
/** Far above what an agent collects before it writes. */
export const MAX_BLOCK_LENGTH = 8 << 20;

/** `packed`: gzip of frames. */
export function blockHeader(packed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BLOCK_HEADER_LENGTH);
  bytes.set(BLOCK_MAGIC);
  new DataView(bytes.buffer).setUint32(BLOCK_MAGIC.length, packed.length, true);
  return bytes;
}

/** The length of the block whose header stands at `at`; null where none does. */
export function blockLengthAt(bytes: Uint8Array, at: number): number | null {
  if (at + BLOCK_HEADER_LENGTH > bytes.length || !BLOCK_MAGIC.every((byte, i) => bytes[at + i] === byte)) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(BLOCK_MAGIC.length, true);
  return length <= MAX_BLOCK_LENGTH ? length : null;
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isBetween(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

function refuse(why: string): never {
  return raise('bad-option', `cannot record unattended: ${why}`);
}
