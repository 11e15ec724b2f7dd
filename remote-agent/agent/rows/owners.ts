/**
 * Which thread, and so which process, a row belongs to. Nearly every row is of a thread that was seen a second ago, so
 * what was found out then is used while everything that the row says of its thread is the same.
 */
import { SPACE } from '../../protocol/index.ts';
import type { Lives } from '../proc/lives.ts';
import type { Process } from '../proc/process.ts';
import type { Processes } from '../proc/processes.ts';
import type { Thread, Threads } from '../proc/threads.ts';
import { COMM_LENGTH, type RowLayout } from './row-layout.ts';
import type { RowRun } from './row-run.ts';
import type { Saying } from './unsettled.ts';

/** A process id is looked up this often: it may have been given to another. */
const TRUST_MS = 5000;
/** A row has no user stack. */
export const NO_SPACE = -1;
/** Rows of this probe have none. */
const NO_LIFE = -1;

export class Owners {
  private readonly layout: RowLayout;
  private readonly processes: Processes;
  private readonly lives: Lives;
  private readonly threads: Threads;
  /** Within the row, in words. */
  private readonly tgid: number;
  private readonly tid: number;
  private readonly comm: number;
  private readonly life: number;
  /** A row about a flow has the name of the thread that made the socket, which may have been any of the process, long ago. */
  private readonly isNameOfMaker: boolean;

  constructor(layout: RowLayout, processes: Processes, lives: Lives, threads: Threads) {
    this.layout = layout;
    this.processes = processes;
    this.lives = lives;
    this.threads = threads;
    this.tgid = layout.tgid / 4;
    this.tid = layout.tid / 4;
    this.comm = layout.comm / 4;
    this.life = layout.life < 0 ? NO_LIFE : layout.life / 4;
    this.isNameOfMaker = layout.flow >= 0;
  }

  /** null: not known (yet), or the dictionary has no room. */
  of(run: RowRun, at: number, space: number, nowMs: number): Thread | null {
    const known = this.threads.get(run.words[at + this.tid] as number);
    const isSame = known !== undefined && this.isSaid(known, run.words, at);
    if (!isSame || (this.life < 0 && isDoubtful(known.process, space, nowMs))) return this.find(run, at, space, nowMs);
    if (known.process.lastSeenMs !== nowMs) known.process.lastSeenMs = nowMs;
    return known;
  }

  /** What a row says of itself, read as text and numbers. */
  sayingOf(run: RowRun, at: number): Saying {
    const { layout } = this;
    return {
      pid: run.words[at + this.tgid] as number,
      tid: run.words[at + this.tid] as number,
      life: this.life < 0 ? NO_LIFE : (run.words[at + this.life] as number),
      comm: run.text(at * 4 + layout.comm, COMM_LENGTH),
      cgroup: layout.cgroup < 0 ? 0n : run.id(at + layout.cgroup / 4),
      isNameOfMaker: this.isNameOfMaker,
    };
  }

  private isSaid(thread: Thread, words: Uint32Array, at: number): boolean {
    const comm = at + this.comm;
    return (
      thread.process.pid === words[at + this.tgid] &&
      (this.life < 0 || thread.life === words[at + this.life]) &&
      (this.isNameOfMaker ||
        (thread.word0 === words[comm] &&
          thread.word1 === words[comm + 1] &&
          thread.word2 === words[comm + 2] &&
          thread.word3 === words[comm + 3]))
    );
  }

  private find(run: RowRun, at: number, space: number, nowMs: number): Thread | null {
    const said = this.sayingOf(run, at);
    const { pid, tid, life } = said;
    const process = this.life < 0 ? this.processNow(said, space, nowMs) : this.lives.processOf(pid, life, tid === pid);
    const thread = process && this.threadOf(process, said);
    if (!thread) return null;
    process.lastSeenMs = nowMs;
    const comm = at + this.comm;
    if (this.life >= 0) thread.life = life;
    thread.word0 = run.words[comm] as number;
    thread.word1 = run.words[comm + 1] as number;
    thread.word2 = run.words[comm + 2] as number;
    thread.word3 = run.words[comm + 3] as number;
    return thread;
  }

  private threadOf(process: Process, { tid, comm }: Saying): Thread | null {
    const known = this.isNameOfMaker ? this.threads.get(tid) : undefined;
    if (known?.process === process) return known;
    return this.threads.of(process, tid, comm, this.life >= 0 || this.isNameOfMaker);
  }

  private processNow(said: Saying, space: number, nowMs: number): Process | null {
    const process = this.processes.get(said.pid);
    return process && !isDoubtful(process, space, nowMs) ? process : this.processes.check(said, nowMs);
  }
}

/** Once per batch at most: a check sets `checkedMs` to the batch's now. */
function isDoubtful(process: Process, space: number, nowMs: number): boolean {
  if (process.isReplaced) return true;
  if (process.checkedMs === nowMs) return false;
  // It may have replaced itself between our reading its mappings and the kernel hearing that they are known.
  if (space === SPACE.user) return process.checkedMs <= process.knownSentMs;
  return space === SPACE.userBuildId || nowMs - process.checkedMs > TRUST_MS;
}
