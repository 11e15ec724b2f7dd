/** A program that makes so many calls a second, and what came of them in a recording. */
import { openRecording } from '../../../electron/recording/index.ts';
import { syscallName, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { Box } from '../../device/box/boot.mjs';
import type { Truth } from '../../device/calls-checks.ts';
import { sum } from '../harness/figures.ts';
import { inBox } from '../harness/remote.ts';

export const CALLS_PER_S = 200_000;
const TRUTH_FILE = '/tmp/calls.json';
/** An emulated box may take many times as long. */
const END_LIMIT_MS = 1_200_000;

/** Begins them, of five kinds, from four threads. */
export async function beginCalls(box: Box, seconds: number): Promise<void> {
  const amount = `--calls ${CALLS_PER_S * seconds} --per-second ${CALLS_PER_S} --sleeps 0 --blocks 0`;
  const command = `/opt/workload/calls --threads 4 ${amount} > ${TRUTH_FILE}.part; mv ${TRUTH_FILE}.part ${TRUTH_FILE}`;
  await inBox(box, `setsid sh -c '${command}' > /dev/null 2>&1 < /dev/null &`);
}

export interface Made {
  readonly pid: number;
  /** Of the calls that it counts: what libc does at the start of a program and of a thread is not among them. */
  readonly calls: number;
  readonly tids: ReadonlySet<number>;
  readonly names: ReadonlySet<string>;
}

/** Waits for their end. */
export async function endOfCalls(box: Box): Promise<Made> {
  await inBox(box, `until [ -e ${TRUTH_FILE} ]; do sleep 0.5; done`, END_LIMIT_MS);
  const { pid, threads } = JSON.parse(await inBox(box, `cat ${TRUTH_FILE}; rm ${TRUTH_FILE}`)) as Truth;
  return {
    pid,
    calls: sum(threads.flatMap(({ calls }) => Object.values(calls))),
    tids: new Set(threads.map(({ tid }) => tid)),
    names: new Set(threads.flatMap(({ calls }) => Object.keys(calls).map((key) => key.split(' ')[0] ?? ''))),
  };
}

export interface Counted {
  /** The same calls, as they are in a recording. */
  readonly calls: number;
  /** Of the whole box. */
  readonly lost: number;
  /** From the first window with such a call to the last. */
  readonly seconds: number;
}

export async function countOf(recording: string, { pid, tids, names }: Made): Promise<Counted> {
  const reader = await openRecording(recording);
  const own = new Set<number>();
  const threads = new Set<number>();
  let [calls, lost, fromNs, toNs] = [0, 0, Infinity, 0];
  for await (const signal of reader.signals()) {
    if (signal.kind === 'definitions') {
      for (const process of signal.processes) if (process.pid === pid) own.add(process.id);
      for (const { id, tid, process } of signal.threads) if (own.has(process) && tids.has(tid)) threads.add(id);
    }
    if (signal.kind !== 'window' || signal.probe !== 'syscalls') continue;
    lost += sum(signal.counters.lost.map(({ count }) => count));
    const made = callsOf(signal, threads, names);
    calls += made;
    if (made === 0) continue;
    fromNs = Math.min(fromNs, signal.fromNs);
    toNs = signal.toNs;
  }
  await reader.close();
  return { calls, lost, seconds: (toNs - fromNs) / 1e9 };
}

/** The columns of the manifest: thread, call, errno, bucket, calls … */
function callsOf({ columns, rows }: WindowSignal, threads: ReadonlySet<number>, names: ReadonlySet<string>): number {
  const [thread, call, , , calls] = columns;
  const isOwn = (row: number) => threads.has(Number(thread?.[row])) && names.has(syscallName(Number(call?.[row])));
  let total = 0;
  for (let row = 0; row < rows; row++) if (isOwn(row)) total += Number(calls?.[row]);
  return total;
}
