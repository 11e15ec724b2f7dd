/** What watching network flows takes from a saturated stream: instructions, counted by the box, beside what others take. */
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { median, percent, times } from './harness/figures.ts';
import { inBox, startRemote } from './harness/remote.ts';
import { bringLoader, loader, watchedBy, type Watcher } from './harness/watcher.ts';

/** Counts instructions, one per nanosecond on one CPU: a stream that takes longer was given more to do. */
const BOX = { variant: 'peers', icount: true } as const;

const TARGET = 0.97;
const PORT = 7001;
const MEGABYTES = 64;
const QUICK_MEGABYTES = 8;
const ROUNDS = 7;
const QUICK_ROUNDS = 3;
const ROUND_LIMIT_MS = 600_000;

interface Observer extends Watcher {
  readonly tells: string;
}

const SONDE: Observer = {
  name: 'Sonde',
  tells: 'each flow: bytes, packets, RTT, retransmits, owner',
  command: loader('net-flows'),
};

const RIVALS: readonly Observer[] = [
  {
    name: 'libbpf-tools tcptop',
    tells: 'bytes by connection',
    command: "sh -c 'exec env TERM=dumb tcptop -C > /tmp/observer.out'",
  },
  {
    name: 'libbpf-tools tcplife',
    tells: 'bytes of a connection, when it ends',
    command: "sh -c 'exec tcplife > /tmp/observer.out'",
  },
  {
    name: 'tcpdump to /dev/null',
    tells: 'each packet',
    command: "sh -c 'exec tcpdump -i lo -w /dev/null 2> /tmp/observer.err'",
    isUp: 'grep -q "listening on" /tmp/observer.err',
  },
];

interface Stream {
  readonly name: string;
  readonly tells: string;
  /** Of one stream there and back, in the middle round. */
  readonly nanoseconds: number;
}

/** Both ends on the box, so that each packet leaves a socket and reaches one. */
async function streamNs(box: Box, { quick }: BenchContext): Promise<number> {
  const bytes = (quick ? QUICK_MEGABYTES : MEGABYTES) << 20;
  const stream = `/opt/workload/flows stream --port ${PORT} --bytes ${bytes}`;
  const round = `a=$(date +%s%N); ${stream} > /dev/null; b=$(date +%s%N); echo $((b - a))`;
  const said = await inBox(box, `for i in $(seq ${quick ? QUICK_ROUNDS : ROUNDS}); do ${round}; done`, ROUND_LIMIT_MS);
  return median(said.trim().split('\n').map(Number));
}

async function serving(box: Box, { scratch, quick }: BenchContext): Promise<() => void> {
  const bytes = (quick ? QUICK_MEGABYTES : MEGABYTES) << 20;
  const server = await startRemote(box, scratch, `exec /opt/workload/flows serve --port ${PORT} --bytes ${bytes}`);
  await server.firstOutput(/ready/);
  return () => server.kill();
}

async function measure(box: Box, context: BenchContext) {
  await bringLoader(box);
  const stop = await serving(box, context);
  const watched = async (observer: Observer): Promise<Stream> => {
    const { name, tells } = observer;
    const nanoseconds = await watchedBy(box, context.scratch, observer, () => streamNs(box, context));
    context.log(`${name}: ${(nanoseconds / 1e6).toFixed(1)} ms`);
    return { name, tells, nanoseconds };
  };
  await streamNs(box, context); // what is done once is done
  const base: Stream = { name: 'nobody', tells: '', nanoseconds: await streamNs(box, context) };
  const sonde = await watched(SONDE);
  const rivals: Stream[] = [];
  for (const rival of RIVALS) rivals.push(await watched(rival));
  stop();
  return { base, sonde, rivals };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const { base, sonde, rivals } = await context.withBox(BOX, (box) => measure(box, context));
  const left = ({ nanoseconds }: Stream) => base.nanoseconds / nanoseconds;
  const added = ({ nanoseconds }: Stream) => nanoseconds - base.nanoseconds;
  const row = (stream: Stream) => [
    stream.name,
    stream.tells,
    percent(left(stream)),
    `+${(added(stream) / 1e6).toFixed(1)} ms`,
    times(added(stream), added(sonde)),
  ];
  const megabytes = context.quick ? QUICK_MEGABYTES : MEGABYTES;
  return {
    about: `A TCP stream over loopback of ${megabytes} MiB there and as many back, as quick as it goes: ${(base.nanoseconds / 1e6).toFixed(0)} ms on a box that counts instructions when nobody watches; each observer in turn.`,
    claims: [
      {
        what: 'throughput of a saturated stream with the probe on',
        target: `≥ ${percent(TARGET, 0)} of without`,
        measured: percent(left(sonde)),
        met: left(sonde) >= TARGET,
      },
    ],
    tables: [
      {
        title: 'Throughput that is left',
        columns: ['observer', 'what it tells', 'of without', 'longer by', 'of Sonde'],
        rows: [sonde, ...rivals].map(row),
      },
    ],
    notes: [
      'Both ends of the stream are on the box, so each packet is seen twice: where it leaves and where it arrives. With one CPU, what an observer does beside the stream counts as well.',
    ],
    figures: { base, sonde, rivals },
  };
}

export const NET_COST: Bench = { name: 'net-cost', title: 'What watching flows costs a stream', run };
