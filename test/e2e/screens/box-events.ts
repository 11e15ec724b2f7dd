// Single calls of the made-up gateway, one by one, and some that never return. Seeded: every run looks the same.
import type { ProbeSignal, Signal, ThreadDef, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { syscallCode } from '../../../remote-agent/protocol/syscalls/index.ts';
import { eventWindow, type MadeEvent } from '../../fixtures/events.ts';
import { seededRandom } from '../../fixtures/random.ts';

const ARM64 = 4;
const [OPENAT, FSYNC, READ, CONNECT, FLOCK] = [56, 82, 63, 203, 32];
const [ENOENT, ECONNREFUSED] = [2, 111];
const AT_FDCWD = -100n;

type Kind = Omit<MadeEvent, 'thread' | 'begunNs'> & { readonly comm: string; readonly rate: number };

const KINDS: readonly Kind[] = [
  {
    comm: 'mosquitto',
    rate: 0.7,
    call: FSYNC,
    durationNs: 18e6,
    args: [7n],
    file: '/var/lib/mosquitto/mosquitto.db.new',
  },
  {
    comm: 'mosquitto',
    rate: 0.9,
    call: CONNECT,
    durationNs: 31e6,
    errno: ECONNREFUSED,
    args: [11n, 0xffffd2a1c3d0n, 16n],
    file: 'socket:[20113]',
  },
  {
    comm: 'python3',
    rate: 0.5,
    call: OPENAT,
    durationNs: 12e6,
    errno: ENOENT,
    args: [AT_FDCWD, 0xaaab03c52e70n, 0o2000000n],
    path: '/etc/gateway/sites/plant-3/line-2/sensors/temperature/calibration.d/override.json',
  },
  {
    comm: 'serial-reader',
    rate: 1.4,
    call: READ,
    durationNs: 64e6,
    result: 42n,
    args: [3n, 0xffff9c0012a0n, 256n],
    file: '/dev/ttyAMA0',
  },
];

export interface EventsLook {
  /** More came than were kept, for a while. */
  readonly losing?: boolean;
  /** Nothing fits what was asked for. */
  readonly isQuiet?: boolean;
}

const STARTED: ProbeSignal['what'] = {
  kind: 'started',
  options: { 'min-us': '10000', stacks: '1', 'per-second': '200', waiting: '0', 'map-mb': '16' },
  mapBytes: 12 << 20,
  cpus: 4,
};

/** A window of single calls right behind each window of samples, and the probe's start in front. */
export function withEvents(signals: readonly Signal[], look: EventsLook = {}): readonly Signal[] {
  const random = seededRandom(41);
  const threads = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.threads : []));
  const stacks = stacksOf(signals);
  return signals.flatMap((signal): readonly Signal[] => {
    if (signal.kind === 'probe' && signal.what.kind === 'started' && signal.probe === 'cpu-profile')
      return [signal, { ...signal, probe: 'slow-syscalls', what: STARTED }];
    if (signal.kind !== 'window' || signal.probe !== 'cpu-profile') return [signal];
    return [signal, eventsBeside(signal, threads, stacks, random, look)];
  });
}

function eventsBeside(
  { fromNs, toNs }: WindowSignal,
  threads: readonly ThreadDef[],
  stacks: ReadonlyMap<number, number>,
  random: () => number,
  { losing = false, isQuiet = false }: EventsLook,
): WindowSignal {
  const second = Math.round(fromNs / 1e9);
  const filtered = 1800 + Math.floor(random() * 400);
  if (isQuiet) return eventWindow(fromNs, toNs, [], { filtered });
  const idOf = (wanted: string) => threads.find(({ comm }) => comm === wanted)?.id ?? 1;
  const returned = KINDS.flatMap(({ comm, rate, ...kind }) =>
    Array.from({ length: Math.floor(rate + random()) }, (): MadeEvent => {
      const durationNs = Math.round(kind.durationNs * (0.9 + random()));
      const thread = idOf(comm);
      const begunNs = Math.round(fromNs + random() * 0.9e9 - durationNs);
      return {
        ...kind,
        thread,
        begunNs,
        durationNs,
        call: syscallCode(ARM64, kind.call),
        stack: stacks.get(thread) ?? 0,
      };
    }),
  );
  const lost = losing && second % 97 > 84 ? [{ cause: 'rate-limit', count: 1240 }] : [];
  return eventWindow(fromNs, toNs, [...returned, ...waiting(idOf, toNs)], { filtered, lost });
}

/** A lock that nobody gives back, and a port that has been silent for a while. */
function waiting(idOf: (comm: string) => number, nowNs: number): readonly MadeEvent[] {
  const lockedNs = Math.floor(nowNs / 300e9) * 300e9;
  const silentNs = Math.floor(nowNs / 45e9) * 45e9;
  const open = { isOpen: true } as const;
  return [
    {
      ...open,
      thread: idOf('python3'),
      call: syscallCode(ARM64, FLOCK),
      begunNs: lockedNs,
      durationNs: nowNs - lockedNs,
      args: [9n, 2n],
      file: '/run/lock/gateway.lock',
    },
    {
      ...open,
      thread: idOf('modbusd'),
      call: syscallCode(ARM64, READ),
      begunNs: silentNs,
      durationNs: nowNs - silentNs,
      args: [5n, 0xffff8a001000n, 8n],
      file: '/dev/ttyUSB1',
    },
  ];
}

/** A stack of each thread, out of its samples. */
function stacksOf(signals: readonly Signal[]): ReadonlyMap<number, number> {
  const stacks = new Map<number, number>();
  for (const signal of signals) {
    if (signal.kind !== 'window' || signal.probe !== 'cpu-profile') continue;
    const [threads, , ids] = signal.columns as readonly Uint32Array[];
    threads?.forEach((thread, row) => stacks.set(thread, ids?.[row] ?? 0));
  }
  return stacks;
}
