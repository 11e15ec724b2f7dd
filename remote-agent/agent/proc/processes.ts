/**
 * Who a process id is right now. Ids are reused and programs replace themselves, so what is known is checked whenever
 * a row gives reason to: the kernel sends build-ids for a process it does not regard as known (any more).
 */
import type { Dictionary } from '../names/dictionary.ts';
import type { Cgroups } from './cgroups.ts';
import { ContainerNames } from './container-names.ts';
import { readMaps } from './maps.ts';
import type { Process } from './process.ts';
import { ProcessMaker, type Sighting } from './process-maker.ts';
import { type ProcessStat, readStat } from './stat.ts';

/** Not seen for this long: forgotten. Comes back as a new definition, which costs 100 bytes. */
const FORGET_AFTER_MS = 60_000;
/** Libraries come and go in a running process without the kernel telling us. */
const MAPS_MAX_AGE_MS = 30_000;
const FIRST_REREAD_PAUSE_MS = 1000;
const LONGEST_REREAD_PAUSE_MS = 60_000;

/** A process that is ending has already given up its memory. */
const NO_IMAGE = '0 0 0';

export class Processes {
  private readonly maker: ProcessMaker;
  private readonly procRoot: string;
  private readonly byPid = new Map<number, Process>();

  constructor(dictionary: Dictionary, cgroups: Cgroups, procRoot: string, containers = new ContainerNames()) {
    this.maker = new ProcessMaker(dictionary, cgroups, procRoot, containers);
    this.procRoot = procRoot;
  }

  /** Without looking whether it still is the same. */
  get(pid: number): Process | undefined {
    return this.byPid.get(pid);
  }

  /** Of those that were seen in the last while. */
  pids(): Iterable<number> {
    return this.byPid.keys();
  }

  /** Looks into /proc. null where it is new and the dictionary has no room. */
  check(seen: Sighting, nowMs: number): Process | null {
    const known = this.byPid.get(seen.pid);
    const stat = readStat(this.procRoot, seen.pid);
    if (known && isSame(known, stat, seen)) {
      known.checkedMs = nowMs;
      return known;
    }
    return this.replace(known, stat ? this.maker.present(seen.pid, stat, nowMs) : this.maker.gone(seen, nowMs), nowMs);
  }

  /** The one that has the id now; null where there is none, or no room for it. */
  alive(pid: number, nowMs: number): Process | null {
    const known = this.byPid.get(pid);
    const stat = readStat(this.procRoot, pid);
    if (!stat) return null;
    if (!known?.stat || !isSameProgram(known.stat, stat))
      return this.replace(known, this.maker.present(pid, stat, nowMs), nowMs);
    known.checkedMs = nowMs;
    return known;
  }

  /** Whether it has its id still, as the same program. Looks into /proc once per batch. */
  isStill(process: Process, nowMs: number): boolean {
    if (process.isReplaced || process.stat === null) return false;
    if (process.checkedMs === nowMs) return true;
    const stat = readStat(this.procRoot, process.pid);
    if (!stat || !isSameProgram(process.stat, stat)) return false;
    process.checkedMs = nowMs;
    return true;
  }

  /** One that had the id, between `later` (null: nobody has it any more) and whoever is known to have had it before. */
  addEnded(seen: Sighting, later: Process | null, nowMs: number): Process | null {
    const ended = this.maker.gone(seen, nowMs);
    if (!ended) return null;
    ended.lastSeenMs = nowMs;
    if (!later) return this.replace(this.byPid.get(seen.pid), ended, nowMs);
    ended.isReplaced = true;
    ended.former = later.former;
    later.former = ended;
    return ended;
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
    const isOld = ({ lastSeenMs }: Process) => nowMs - lastSeenMs > FORGET_AFTER_MS;
    for (const [pid, process] of this.byPid) {
      if (isOld(process)) this.byPid.delete(pid);
      if (process.former && isOld(process.former)) process.former = null;
    }
  }

  private readMaps(process: Process, nowMs: number): boolean {
    if (process.stat === null || process.stat.kernelThread) return false;
    const mappings = readMaps(this.procRoot, process.pid);
    // Gone since: the old mappings are still right for what was sampled before.
    if (mappings) process.setMappings(mappings, nowMs);
    return mappings !== null;
  }

  /** The later of two with the same id takes its place: another process, or another program in the same one. */
  private replace(known: Process | undefined, fresh: Process | null, nowMs: number): Process | null {
    if (!fresh) return null;
    fresh.checkedMs = nowMs;
    this.byPid.set(fresh.pid, fresh);
    if (!known) return fresh;
    known.isReplaced = true;
    fresh.former = known;
    return fresh;
  }
}

/** A process that has ended since is taken for the one known under its id, unless the name speaks against it. */
function isSame(known: Process, stat: ProcessStat | null, seen: Sighting): boolean {
  if (stat && known.stat) return isSameProgram(known.stat, stat);
  return !stat && (seen.isNameOfMaker === true || known.isNamed(seen.comm));
}

function isSameProgram(known: ProcessStat, { startNs, image }: ProcessStat): boolean {
  return known.startNs === startNs && (known.image === image || image === NO_IMAGE);
}
