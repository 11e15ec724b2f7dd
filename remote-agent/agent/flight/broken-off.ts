/**
 * What was left of a session whose client never came back: the last minute before the cut and all since, as a recording
 * that lies on the device like one made unattended. Listed, fetched and deleted like those; only the newest few stay.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { fromBinary } from '@bufbuild/protobuf';
import {
  encodeFrame,
  isUnattendedId,
  type KeepPlace,
  parseStatus,
  unattendedId,
  type UnattendedStatus,
} from '../../protocol/index.ts';
import { WindowSchema } from '../../protocol/generated/sonde_pb.ts';
import type { SentRecord } from '../client/spool.ts';
import { monotonicNs } from '../self/clock.ts';
import { BlockFile } from './block-file.ts';
import { refusal, spaceAt } from './free-space.ts';
import { StatusFile } from './status-file.ts';

/** On the device at one time; the oldest go. */
export const MAX_LEFT = 3;
/** Far above what ring and spool hold together. */
const MAX_BYTES = 32e6;
/** Frames of one block. */
const BLOCK_BYTES = 256 << 10;
const NS_PER_MS = 1e6;
const RANDOM_BYTES = 3;
/** Until all is there: nobody takes it for a recording. */
const UNFINISHED = 'new-';

/** What a run has in memory, in the order of the file. */
export interface LeftBehind {
  /** Of definitions: blocks of a file. */
  readonly blocks: readonly Uint8Array[];
  /** Frames of what else must come before the records. */
  frames(fromNs: bigint): Iterable<Uint8Array>;
  readonly records: readonly SentRecord[];
  readonly probes: readonly string[];
}

/** Resolves with where it lies; null where there is no window, or no room. `why`: how the session broke off. */
export async function leaveOnDisk(left: LeftBehind, place: KeepPlace, why: string): Promise<string | null> {
  const windows = left.records.filter(({ kind }) => kind === 'window');
  const [first, last] = [windows[0], windows.at(-1)];
  if (!first || !last) return null;
  const [{ fromNs }, { toNs }] = [spanOf(first), spanOf(last)];
  makeFolder(place.folder);
  const unfinished = `${place.folder}/${UNFINISHED}${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  try {
    const bytes = await write(unfinished, left, fromNs);
    const startedMs = wallMsAt(fromNs, place);
    const id = unattendedId(startedMs, randomBytes(RANDOM_BYTES).toString('hex'));
    const seconds = Number(toNs - fromNs) / NS_PER_MS / 1000;
    const status = { ...STATUS, id, reason: why, hostname: hostname(), destination: hostname(), startedMs, seconds };
    new StatusFile(unfinished, () => 0).tell({ ...status, bytes, maxBytes: bytes, probes: left.probes }, true);
    renameSync(unfinished, `${place.folder}/${id}`);
    forgetOldest(place.folder);
    return `${place.folder}/${id}`;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

const STATUS: Pick<UnattendedStatus, 'origin' | 'state' | 'pid' | 'forS' | 'failures' | 'triggers' | 'firings'> = {
  origin: 'session',
  state: 'ended',
  pid: process.pid,
  forS: 0,
  failures: [],
  triggers: [],
  firings: 0,
};

/** Not the folders above it: where those are gone, somebody has just removed Sonde. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

/** Resolves with the size. Throws where there is no room for all of it: half of it is of no use. */
async function write(folder: string, left: LeftBehind, fromNs: bigint): Promise<number> {
  const file = new BlockFile(`${folder}/records`, MAX_BYTES, (bytes) => refusal(bytes, spaceAt(folder)));
  try {
    for (const block of left.blocks) await file.appendBlock(block);
    for (const content of contents(left, fromNs)) await file.append(content);
    if (file.problem !== '') throw new Error(file.problem);
    return file.bytes;
  } finally {
    file.close();
  }
}

function* contents(left: LeftBehind, fromNs: bigint): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const frame of framesOf(left, fromNs)) {
    waiting.push(frame);
    bytes += frame.length;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

function* framesOf(left: LeftBehind, fromNs: bigint): Generator<Uint8Array> {
  yield* left.frames(fromNs);
  for (const { frame } of left.records) yield encodeFrame(frame);
}

function spanOf({ frame, bodyLength }: SentRecord): { readonly fromNs: bigint; readonly toNs: bigint } {
  return fromBinary(WindowSchema, frame.subarray(frame.length - bodyLength));
}

/** By the workstation's clock, which has gone on as ours has. */
function wallMsAt(ns: bigint, { workstationMs }: KeepPlace): number {
  const agoMs = Number(monotonicNs() - ns) / NS_PER_MS;
  return Math.round(workstationMs + process.uptime() * 1000 - agoMs);
}

function forgetOldest(folder: string): void {
  const names = readdirSync(folder);
  const left = names.filter((name) => isUnattendedId(name) && isOfSession(`${folder}/${name}`)).sort();
  // One whose writer was killed in the middle.
  const dead = names.filter(
    (name) => name.startsWith(UNFINISHED) && !existsSync(`/proc/${name.slice(UNFINISHED.length)}`),
  );
  for (const name of [...dead, ...left.slice(0, Math.max(0, left.length - MAX_LEFT))])
    rmSync(`${folder}/${name}`, { recursive: true, force: true });
}

function isOfSession(folder: string): boolean {
  try {
    return parseStatus(readFileSync(`${folder}/status.json`, 'utf8'))?.origin === 'session';
  } catch {
    return false; // it has none: not ours to judge
  }
}
