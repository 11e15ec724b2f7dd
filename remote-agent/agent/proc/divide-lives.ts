/**
 * Which lives of a process id were one process. The kernel counts, for each process id, how often whoever has it may have
 * become another: by ending, or by replacing its program. A row has that count as it was for its thread. Two processes
 * hardly share a count, but one process may have several: ids that are far apart share counts.
 *
 *      count   3          4             5
 *      rows    A A A a    a (late)      B B b        capitals: of the leader, the thread with the process's own id
 *
 * A process begins with its leader, whose calls make all its other threads. So a count without rows of the leader goes on
 * with the process before: threads that ended after it.
 */

export interface Life {
  readonly life: number;
  /** Rows of the leader are among them. */
  readonly isLed: boolean;
  /** Names of the leader, else of any threads → rows that have them. */
  readonly comms: ReadonlyMap<string, number>;
  readonly cgroup: bigint;
}

/**
 * In order of time; `late`: what is left of the process before.
 * @param lives ascending
 */
export function divideLives(lives: readonly Life[], hasBefore: boolean): { late: number[]; own: Life[][] } {
  const late: number[] = [];
  const own: Life[][] = [];
  for (const life of lives) {
    const last = own.at(-1);
    if (life.isLed || (!last && !hasBefore)) own.push([life]);
    else if (last) last.push(life);
    else late.push(life.life);
  }
  return { late, own };
}

/** What most rows are called: a program that was just started has rows of the name before. */
export function commonName(lives: readonly Life[]): string {
  const sums = new Map<string, number>();
  for (const { comms } of lives) for (const [comm, rows] of comms) sums.set(comm, (sums.get(comm) ?? 0) + rows);
  let best = '';
  for (const [comm, rows] of sums) if (best === '' || rows > (sums.get(best) ?? 0)) best = comm;
  return best;
}
