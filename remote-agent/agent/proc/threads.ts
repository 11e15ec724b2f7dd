/**
 * Threads by their id: gives each its id in the dictionary, and another when it changes its name. Those that were not
 * seen while GENERATION others were are forgotten; a forgotten one that comes back is a new definition.
 */
import type { Dictionary } from '../names/dictionary.ts';
import type { Process } from './process.ts';
import { readSmall } from './procfs.ts';

/** Three times as many as a crowded box has; 64,000 threads are 12 MB. */
const GENERATION = 1 << 15;
/** Some programs name a thread after each piece of work. Older names are forgotten. */
const MAX_FORMER = 16;

export class Thread {
  /** In the dictionary. */
  readonly id: number;
  readonly tid: number;
  readonly process: Process;
  /** Latin-1, as it was told. */
  readonly comm: string;
  /** Names it had before; null = none that are known. */
  former: string[] | null;
  /** What the last row said: its life, and its comm as words. Fields of their own, for there may be very many threads. */
  life = -1;
  word0 = 0;
  word1 = 0;
  word2 = 0;
  word3 = 0;

  constructor(id: number, tid: number, process: Process, comm: string, former: string[] | null) {
    this.id = id;
    this.tid = tid;
    this.process = process;
    this.comm = comm;
    this.former = former;
  }

  hadName(comm: string): boolean {
    return this.comm === comm || (this.former?.includes(comm) ?? false);
  }
}

export class Threads {
  private readonly dictionary: Dictionary;
  private readonly procRoot: string;
  private young = new Map<number, Thread>();
  private old = new Map<number, Thread>();

  constructor(dictionary: Dictionary, procRoot: string) {
    this.dictionary = dictionary;
    this.procRoot = procRoot;
  }

  /** Asking for it keeps it. */
  get(tid: number): Thread | undefined {
    const young = this.young.get(tid);
    if (young !== undefined) return young;
    const old = this.old.get(tid);
    if (old !== undefined) this.keep(old);
    return old;
  }

  /**
   * The thread under the name that a row has for it. `isOld`: the name may be one that the thread had long ago.
   * null where it is new and the dictionary has no room.
   */
  of(process: Process, tid: number, comm: string, isOld: boolean): Thread | null {
    const known = this.get(tid);
    if (known?.process !== process) return this.define(process, tid, firstName(process, tid, comm, isOld), null, comm);
    if (known.comm === comm || (isOld && known.hadName(comm))) return known;
    return isOld ? this.rename(known, comm) : this.define(process, tid, comm, null, comm);
  }

  /** A name that is not known yet may be older or newer than the one that is. */
  private rename(thread: Thread, comm: string): Thread | null {
    const { process, tid } = thread;
    const former = [comm, ...(thread.former ?? [])].slice(0, MAX_FORMER);
    const now = this.nameNow(thread, comm);
    if (now !== thread.comm) return this.define(process, tid, now, [thread.comm, ...former], comm);
    thread.former = former;
    return thread;
  }

  /** A thread begins under the name of the one that made it; beyond that only /proc knows what comes after what. */
  private nameNow({ process, tid, comm }: Thread, other: string): string {
    if (tid !== process.pid && comm === process.comm) return other;
    if (process.stat === null || process.isReplaced) return comm;
    return readSmall(`${this.procRoot}/${process.pid}/task/${tid}/comm`)?.replace(/\n$/, '') ?? comm;
  }

  private keep(thread: Thread): void {
    if (this.young.size >= GENERATION) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(thread.tid, thread);
  }

  private define(process: Process, tid: number, name: string, former: string[] | null, said: string): Thread | null {
    const id = this.dictionary.thread({ process: process.id, tid, comm: Buffer.from(name, 'latin1') });
    if (id === 0) return null;
    process.addName(name);
    process.addName(said);
    const thread = new Thread(id, tid, process, name, said === name ? former : [said, ...(former ?? [])]);
    this.keep(thread);
    return thread;
  }
}

/** A program that was just started still has rows with the name of the one that started it. */
function firstName(process: Process, tid: number, comm: string, isOld: boolean): string {
  return isOld && tid === process.pid ? process.comm : comm;
}
