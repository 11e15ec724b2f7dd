/** /proc/PID/stat: who a process is. See proc(5); fields are counted from 1 there. */
import { readSmall } from './procfs.ts';

/** USER_HZ is 100 in the user interface of every architecture Linux runs on today (alpha and old ia64 aside). */
const NS_PER_TICK = 10_000_000n;
const PF_KTHREAD = 0x0020_0000;

export interface ProcessStat {
  readonly comm: string;
  readonly state: string;
  readonly parentPid: number;
  readonly kernelThread: boolean;
  /** Since boot. With the pid, this identifies a process. */
  readonly startNs: bigint;
  /** Changes with each exec: addresses of the stack and the code, which are laid out anew. */
  readonly image: string;
}

export function readStat(procRoot: string, pid: number): ProcessStat | null {
  const text = readSmall(`${procRoot}/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** The name is in parentheses and may hold anything, parentheses too: the last one ends it. */
export function parseStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const field = (number: number) => fields[number - 3] ?? '';
  if (!/^\d+$/.test(field(22))) return null;
  return {
    comm: text.slice(open + 1, close),
    state: field(3),
    parentPid: Number(field(4)),
    kernelThread: (Number(field(9)) & PF_KTHREAD) !== 0,
    startNs: BigInt(field(22)) * NS_PER_TICK,
    image: `${field(26)} ${field(27)} ${field(28)}`,
  };
}
