// System calls of the made-up gateway, a window for each of its samples. Seeded: every run looks the same.
import { UNKNOWN_BUCKET } from '../../../remote-agent/protocol/latency.ts';
import type { Signal, ThreadDef, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { syscallCode } from '../../../remote-agent/protocol/syscalls/index.ts';
import { seededRandom } from '../../fixtures/random.ts';

const ARM64 = 4;
const ARM = 5;
const CALL = {
  epoll_pwait: 22,
  openat: 56,
  close: 57,
  read: 63,
  write: 64,
  writev: 66,
  ppoll: 73,
  fsync: 82,
  futex: 98,
  clock_nanosleep: 115,
  connect: 203,
  recvfrom: 207,
} as const;
const ERRNO = { ENOENT: 2, EAGAIN: 11, ETIMEDOUT: 110, ECONNREFUSED: 111 } as const;

interface Habit {
  readonly call: keyof typeof CALL | number;
  /** Calls a second. */
  readonly rate: number;
  /** Typical latency and how many powers of two it strays. */
  readonly typicalNs: number;
  readonly spread: number;
  readonly fails?: { readonly errno: keyof typeof ERRNO; readonly share: number };
  readonly table?: number;
}

const HABITS: Readonly<Record<string, readonly Habit[]>> = {
  mosquitto: [
    { call: 'epoll_pwait', rate: 410, typicalNs: 2.1e6, spread: 2.6 },
    { call: 'recvfrom', rate: 640, typicalNs: 3100, spread: 1.2, fails: { errno: 'EAGAIN', share: 0.31 } },
    { call: 'writev', rate: 820, typicalNs: 9400, spread: 1.5 },
    { call: 'connect', rate: 210, typicalNs: 61_000, spread: 0.8, fails: { errno: 'ECONNREFUSED', share: 1 } },
    { call: 'fsync', rate: 4, typicalNs: 7.4e6, spread: 1.6 },
  ],
  'bridge.py': [
    { call: 'futex', rate: 95, typicalNs: 240_000, spread: 3, fails: { errno: 'ETIMEDOUT', share: 0.12 } },
    { call: 'openat', rate: 37, typicalNs: 14_000, spread: 1.1, fails: { errno: 'ENOENT', share: 0.4 } },
    { call: 'read', rate: 61, typicalNs: 2300, spread: 1 },
  ],
  'serial-reader': [{ call: 'read', rate: 118, typicalNs: 8.3e6, spread: 0.5 }],
  modbusd: [
    { call: 'clock_nanosleep', rate: 50, typicalNs: 20.1e6, spread: 0.2 },
    { call: 'ppoll', rate: 50, typicalNs: 1.2e6, spread: 1 },
    { call: 4, table: ARM, rate: 12, typicalNs: 5200, spread: 0.7 },
    { call: 999, rate: 0.4, typicalNs: 800, spread: 0.4 },
  ],
  containerd: [{ call: 'futex', rate: 22, typicalNs: 11e6, spread: 2.4 }],
};

/** A window of calls right behind each window of samples, and the probe's start in front. */
export function withCalls(signals: readonly Signal[], { losing = false } = {}): readonly Signal[] {
  const random = seededRandom(23);
  const threads = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.threads : []));
  let isFirst = true;
  return signals.flatMap((signal): readonly Signal[] => {
    if (signal.kind === 'probe' && signal.what.kind === 'started') {
      const options = { 'map-mb': '16' };
      return [signal, { ...signal, probe: 'syscalls', what: { ...signal.what, options } }];
    }
    if (signal.kind !== 'window') return [signal];
    const window = callsBeside(signal, threads, random, isFirst, losing);
    isFirst = false;
    return [signal, window];
  });
}

type Row = readonly [thread: number, call: number, errno: number, bucket: number, calls: number, totalNs: number];

function callsBeside(
  { fromNs, toNs }: WindowSignal,
  threads: readonly ThreadDef[],
  random: () => number,
  isFirst: boolean,
  losing: boolean,
): WindowSignal {
  const second = Math.round(fromNs / 1e9);
  // Every so often the disk is busy, and everything that touches it slows down.
  const isSlow = second % 61 < 7;
  const rows = threads.flatMap(({ id, comm }) =>
    (HABITS[comm] ?? []).flatMap((habit) => rowsOf(id, habit, random, isSlow)),
  );
  if (isFirst) for (const { id } of threads) rows.push([id, syscallCode(ARM64, CALL.futex), 0, UNKNOWN_BUCKET, 1, 0]);
  const kept = rows.reduce((sum, row) => sum + row[4], 0);
  const lost = losing && second % 97 > 84 ? [{ cause: 'map-full', count: Math.round(kept * 0.02) }] : [];
  const column = (i: 0 | 1 | 2 | 3) => Uint32Array.from(rows, (row) => row[i]);
  return {
    kind: 'window',
    probe: 'syscalls',
    fromNs,
    toNs,
    rows: rows.length,
    columns: [
      column(0),
      column(1),
      column(2),
      column(3),
      Float64Array.from(rows, (row) => row[4]),
      Float64Array.from(rows, (row) => row[5]),
      Float64Array.from(rows, (row) => (row[3] === UNKNOWN_BUCKET ? 0 : Math.min(2 ** (row[3] + 1) - 1, row[5]))),
    ],
    counters: {
      seen: kept + (lost[0]?.count ?? 0),
      kept,
      idle: 0,
      filtered: 0,
      lost,
      incompleteStacks: 0,
    },
    drains: 1,
  };
}

/** A habit's calls of one second, by outcome and bucket: a bell around the typical latency. */
function rowsOf(thread: number, habit: Habit, random: () => number, isSlow: boolean): Row[] {
  const { call, fails, table = ARM64 } = habit;
  const code = syscallCode(table, typeof call === 'number' ? call : CALL[call]);
  const calls = Math.floor(habit.rate * (0.6 + 0.8 * random()) + random());
  const typical = Math.log2(habit.typicalNs) + (isSlow ? 1.6 : 0);
  const found = new Map<number, number>();
  for (let i = 0; i < calls; i++) {
    const bell = (random() + random() + random() - 1.5) * 1.6 * habit.spread;
    const bucket = Math.max(0, Math.floor(typical + bell));
    const failed = fails && random() < fails.share ? 1 : 0;
    const key = bucket * 2 + failed;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found].map(([key, count]): Row => {
    const bucket = key >> 1;
    const errno = fails && key % 2 === 1 ? ERRNO[fails.errno] : 0;
    return [thread, code, errno, bucket, count, Math.round(count * 2 ** bucket * (1.1 + 0.8 * random()))];
  });
}
