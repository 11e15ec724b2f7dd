/** One process as the agent knows it, from when it was first sampled until it was gone for a while. */
import type { Module } from '../names/module.ts';
import type { Mapping } from './maps.ts';
import type { ProcessStat } from './stat.ts';

const MAX_NAMES = 64;

export class Process {
  /** In the dictionary. */
  readonly id: number;
  readonly pid: number;
  /** null = it was gone before it could be asked. */
  readonly stat: ProcessStat | null;
  readonly comm: string;
  /** Latin-1; '' where there is none. */
  readonly exe: string;
  /** Of its threads too. Some name a thread after each piece of work: only so many are kept. */
  private readonly names: string[] = [];
  /** Executable ones, ascending. */
  mappings: readonly Mapping[] = [];
  /** Module of mapping i, once it was needed. */
  modules: (Module | undefined)[] = [];
  jit: Module | null = null;
  mapsReadMs = Number.NEGATIVE_INFINITY;
  /** An address that is in no mapping makes them be read again, but not before this. */
  nextRereadMs = 0;
  rereadPauseMs = 0;
  /** When it was last seen to be still the same program. */
  checkedMs = 0;
  /** When the kernel was last told that plain addresses will do. */
  knownSentMs = Number.NEGATIVE_INFINITY;
  lastSeenMs = 0;
  /** Another has its place: a later one with the same id, or the program it became. */
  isReplaced = false;
  /** What had the id before: another process, or another program of this one. Rows of it may still come. */
  former: Process | null = null;
  /** Lives of the id in which rows were its own (proc/lives.ts). */
  readonly lives: number[] = [];
  /** Lives in which rows of its threads other than the leader were its own. */
  readonly lateLives: number[] = [];

  constructor(id: number, pid: number, stat: ProcessStat | null, comm: string, exe: string) {
    this.id = id;
    this.pid = pid;
    this.stat = stat;
    this.comm = comm;
    this.exe = exe;
  }

  isNamed(comm: string): boolean {
    return this.comm === comm || this.names.includes(comm);
  }

  addName(comm: string): void {
    if (!this.isNamed(comm) && this.names.length < MAX_NAMES) this.names.push(comm);
  }

  hadLife(life: number, isLeader: boolean): boolean {
    return this.lives.includes(life) || (!isLeader && this.lateLives.includes(life));
  }

  setMappings(mappings: readonly Mapping[], nowMs: number): void {
    this.mappings = mappings;
    this.modules = [];
    this.mapsReadMs = nowMs;
  }

  /** Index of the mapping that holds `address`, -1 where none does. */
  mappingAt(address: number): number {
    let low = 0;
    let high = this.mappings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.mappings[middle]?.start ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    return low > 0 && address < (this.mappings[low - 1]?.end ?? 0) ? low - 1 : -1;
  }
}
