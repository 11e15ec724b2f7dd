/** Rows of lives that nobody knows yet, kept until all rows of the batch were seen: only together they tell whose they are. */
import type { Life } from '../proc/divide-lives.ts';
import type { Lives } from '../proc/lives.ts';
import type { RowRun } from './row-run.ts';

/** What a row says of itself. */
export interface Saying {
  readonly pid: number;
  readonly tid: number;
  readonly life: number;
  readonly comm: string;
  readonly cgroup: bigint;
  /** The comm is of any thread of the process, and may be old. */
  readonly isNameOfMaker: boolean;
}

interface OpenLife extends Life {
  isLed: boolean;
  readonly comms: Map<string, number>;
  /** Words with which they begin, by run. At first all rows of a batch are here, so they are no objects. */
  readonly rows: Map<RowRun, number[]>;
}

export class Unsettled {
  private readonly byPid = new Map<number, Map<number, OpenLife>>();

  add(run: RowRun, at: number, said: Saying): void {
    const open = this.lifeOf(said);
    const isLeader = said.tid === said.pid;
    if (isLeader && !open.isLed) open.comms.clear();
    if (isLeader || !open.isLed) open.comms.set(said.comm, (open.comms.get(said.comm) ?? 0) + 1);
    open.isLed ||= isLeader;
    const rows = open.rows.get(run);
    if (rows) rows.push(at);
    else open.rows.set(run, [at]);
  }

  /** Gives back the rows, life by life. */
  settle(lives: Lives, fromNs: number, nowMs: number, give: (run: RowRun, at: number) => void): void {
    for (const [pid, open] of this.byPid) {
      const ascending = [...open.values()].sort((a, b) => a.life - b.life);
      lives.settle(pid, ascending, fromNs, nowMs);
      for (const { rows } of ascending) for (const [run, starts] of rows) for (const at of starts) give(run, at);
    }
  }

  private lifeOf({ pid, life, cgroup }: Saying): OpenLife {
    let lives = this.byPid.get(pid);
    if (!lives) this.byPid.set(pid, (lives = new Map()));
    let open = lives.get(life);
    if (!open) lives.set(life, (open = { life, isLed: false, comms: new Map(), cgroup, rows: new Map() }));
    return open;
  }
}
