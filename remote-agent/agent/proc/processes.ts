/**
 * Who a process id is right now. Ids are reused and programs replace themselves, so what is known is checked whenever
 * a sample gives reason to: the kernel sends build-ids for a process it does not regard as known (any more).
 */
import type { Dictionary, NewProcess } from '../names/dictionary.ts';
import { cgroupPathOf, containerOf, unitOf } from './cgroup-names.ts';
import type { Cgroups } from './cgroups.ts';
import { readMaps } from './maps.ts';
import { Process } from './process.ts';
import { ownerOf, readBytes, readLink, readSmall } from './procfs.ts';
import { type ProcessStat, readStat } from './stat.ts';

const MAX_COMMAND_LINE_BYTES = 4096;
const MAX_CGROUP_BYTES = 8192;
/** Not sampled for this long: forgotten. Comes back as a new definition, which costs 100 bytes. */
const FORGET_AFTER_MS = 60_000;
/** Libraries come and go in a running process without the kernel telling us. */
const MAPS_MAX_AGE_MS = 30_000;
const FIRST_REREAD_PAUSE_MS = 1000;
const LONGEST_REREAD_PAUSE_MS = 60_000;

/** A process that is ending has already given up its memory. */
const NO_IMAGE = '0 0 0';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** What a row says about its process; all there is when the process is gone. */
export interface Sighting {
  readonly pid: number;
  /** Of the thread. */
  readonly comm: string;
  readonly cgroup: bigint;
}

export class Processes {
  private readonly dictionary: Dictionary;
  private readonly cgroups: Cgroups;
  private readonly procRoot: string;
  private readonly byPid = new Map<number, Process>();

  constructor(dictionary: Dictionary, cgroups: Cgroups, procRoot: string) {
    this.dictionary = dictionary;
    this.cgroups = cgroups;
    this.procRoot = procRoot;
  }

  /** Without looking whether it still is the same. */
  get(pid: number): Process | undefined {
    return this.byPid.get(pid);
  }

  /** Looks into /proc. null where it is new and the dictionary has no room. */
  check(seen: Sighting, nowMs: number): Process | null {
    const known = this.byPid.get(seen.pid);
    const stat = readStat(this.procRoot, seen.pid);
    if (known && isSame(known, stat, seen)) {
      known.checkedMs = nowMs;
      return known;
    }
    const fresh = stat ? this.define(seen, stat) : this.defineGone(seen, nowMs);
    if (!fresh) return null;
    fresh.checkedMs = nowMs;
    this.byPid.set(seen.pid, fresh);
    return fresh;
  }

  /** Reads the mappings unless they are fresh. False where there are none to read. */
  loadMaps(process: Process, nowMs: number): boolean {
    if (nowMs - process.mapsReadMs < MAPS_MAX_AGE_MS) return process.mappings.length > 0;
    return this.readMaps(process, nowMs);
  }

  /**
   * After an address that is in no known mapping: a library may have been loaded since. A walk without frame pointers
   * ends in such addresses all the time, so fruitless readings become rare.
   */
  rereadMaps(process: Process, nowMs: number): boolean {
    if (nowMs < process.nextRereadMs || process.stat === null) return false;
    process.rereadPauseMs = Math.min(process.rereadPauseMs * 2 || FIRST_REREAD_PAUSE_MS, LONGEST_REREAD_PAUSE_MS);
    process.nextRereadMs = nowMs + process.rereadPauseMs;
    return this.readMaps(process, nowMs);
  }

  forgetOld(nowMs: number): void {
    for (const [pid, process] of this.byPid) if (nowMs - process.lastSeenMs > FORGET_AFTER_MS) this.byPid.delete(pid);
  }

  private readMaps(process: Process, nowMs: number): boolean {
    if (process.stat === null || process.stat.kernelThread) return false;
    const mappings = readMaps(this.procRoot, process.pid);
    // Gone since: the old mappings are still right for what was sampled before.
    if (mappings) process.setMappings(mappings, nowMs);
    return mappings !== null;
  }

  private define({ pid }: Sighting, stat: ProcessStat): Process | null {
    const folder = `${this.procRoot}/${pid}`;
    const exe = readLink(`${folder}/exe`) ?? Buffer.alloc(0);
    const command = readBytes(`${folder}/cmdline`, MAX_COMMAND_LINE_BYTES) ?? Buffer.alloc(0);
    const cgroup = cgroupPathOf(readSmall(`${folder}/cgroup`, MAX_CGROUP_BYTES) ?? '');
    const id = this.dictionary.process({
      pid,
      startNs: stat.startNs,
      comm: latin1(stat.comm),
      exe,
      commandLine: joinArguments(command),
      ...placeOf(cgroup),
      parentPid: stat.parentPid,
      kernelThread: stat.kernelThread,
      uid: ownerOf(folder),
    });
    return id === 0 ? null : new Process(id, pid, stat, stat.comm, exe.toString('latin1'));
  }

  private defineGone({ pid, comm, cgroup }: Sighting, nowMs: number): Process | null {
    const id = this.dictionary.process({
      pid,
      startNs: 0n,
      comm: latin1(comm),
      exe: new Uint8Array(0),
      commandLine: new Uint8Array(0),
      ...placeOf(this.cgroups.pathOf(cgroup, nowMs)),
      parentPid: 0,
      kernelThread: false,
      uid: 0,
    });
    return id === 0 ? null : new Process(id, pid, null, comm, '');
  }
}

/** A process that has ended since is taken for the one known under its id, unless the name speaks against it. */
function isSame(known: Process, stat: ProcessStat | null, seen: Sighting): boolean {
  if (stat && known.stat)
    return known.stat.startNs === stat.startNs && (stat.image === known.stat.image || stat.image === NO_IMAGE);
  if (stat) return false;
  if (known.comm === seen.comm) return true;
  for (const thread of known.threads.values()) if (thread.comm === seen.comm) return true;
  return false;
}

function placeOf(cgroup: string): Pick<NewProcess, 'cgroup' | 'container' | 'unit'> {
  return { cgroup: latin1(cgroup), container: latin1(containerOf(cgroup)), unit: latin1(unitOf(cgroup)) };
}

/** NUL between arguments becomes a space; at the end they go. */
function joinArguments(command: Buffer): Buffer {
  let end = command.length;
  while (end > 0 && command[end - 1] === 0) end--;
  const joined = command.subarray(0, end);
  for (let at = joined.indexOf(0); at >= 0; at = joined.indexOf(0, at + 1)) joined[at] = 32;
  return joined;
}
