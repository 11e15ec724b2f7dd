/**
 * Which process had an id in which of its lives, so that a process id used again never makes two processes one. A process
 * is a program here, as everywhere in the agent: one that replaces itself by another is another one from then on.
 */
import { commonName, divideLives, type Life } from './divide-lives.ts';
import type { Process } from './process.ts';
import type { Processes } from './processes.ts';

/** How much earlier than a window a process must have started to be surely all there was in it: /proc counts in 10 ms. */
const START_MARGIN_NS = 1_000_000_000;

export class Lives {
  private readonly processes: Processes;

  constructor(processes: Processes) {
    this.processes = processes;
  }

  /** null where settle() has to say. */
  processOf(pid: number, life: number, isLeader: boolean): Process | null {
    for (let process = this.processes.get(pid) ?? null; process; process = process.former)
      if (process.hadLife(life, isLeader)) return process;
    return null;
  }

  /**
   * Says whose the lives are that rows of one batch show for the first time. Those that nobody has room for stay unknown.
   * @param lives ascending
   * @param fromNs what the rows count ended later than this
   */
  settle(pid: number, lives: readonly Life[], fromNs: number, nowMs: number): void {
    const alive = this.processes.alive(pid, nowMs);
    const others = alive ? takeOwn(alive, lives, fromNs) : lives;
    const before = alive ? alive.former : (this.processes.get(pid) ?? null);
    const { late, own } = divideLives(others, before !== null);
    before?.lateLives.push(...late);
    const heir = alive ?? before;
    if (heir && heir.lives.length === 0) heir.lives.push(...takeInherited(own, heir, alive !== null));
    for (const group of own) {
      const seen = { pid, comm: commonName(group), cgroup: group[0]?.cgroup ?? 0n };
      const ended = this.processes.addEnded(seen, alive, nowMs);
      ended?.lives.push(...group.map(({ life }) => life));
    }
  }
}

/** Gives the process what is surely its own: everything since it was first seen. Returns the rest. */
function takeOwn(alive: Process, lives: readonly Life[], fromNs: number): readonly Life[] {
  const wasThereBefore = Number(alive.stat?.startNs) + START_MARGIN_NS < fromNs;
  const first = wasThereBefore ? -1 : Math.min(...alive.lives);
  alive.lives.push(...lives.filter(({ life }) => life > first).map(({ life }) => life));
  return lives.filter(({ life }) => life <= first);
}

/**
 * Takes out what is the process's own, which another probe may have found before: the last where it has the id still,
 * else what can be no other's.
 */
function takeInherited(own: Life[][], heir: Process, isAlive: boolean): number[] {
  const named = own.filter((group) => group.some(({ comms }) => comms.has(heir.comm)));
  const only = own.length === 1 ? own[0] : named.length === 1 ? named[0] : undefined;
  const taken = isAlive ? own.at(-1) : only;
  if (taken) own.splice(own.indexOf(taken), 1);
  return (taken ?? []).map(({ life }) => life);
}
