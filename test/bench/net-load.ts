/** 5,000 connections open and 1,000 new ones each second: what is missed, what it costs, what travels. */
import { openRecording } from '../../electron/recording/index.ts';
import type { Box } from '../device/box/boot.mjs';
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { kilobytes, percent, sum } from './harness/figures.ts';
import { Observation } from './harness/observation.ts';
import { inBox, passInBox, startRemote } from './harness/remote.ts';
import { countBpfTime, type Process, takeSnapshot, usageOf } from './harness/snapshot.ts';

/** Time of the box is that of its instructions, so that a thousand connections a second are one on any computer. */
const BOX = { variant: 'peers', icount: true, memoryMb: 2048 } as const;

const HELD = 5000;
const PER_SECOND = 1000;
/** A burst of connections four times a second: each starts a program. */
const BURSTS = 4;
const HELD_PORT = 7001;
const NEW_PORT = 7002;
const CPU_TARGET = 0.03;
const BYTES_TARGET_PER_S = 50_000;
const SETTLE_S = 15;
/** Under the load, until the agent has made itself at home with it: its engine optimizes after 1.5 s of work, and then has to. */
const WARM_S = 90;
const LIMIT_MS = 3_600_000;

/** Of one run of the probe. */
interface Seen {
  /** Flows to the port of the new connections, from the end that opened them. */
  readonly newFlows: number;
  readonly others: number;
  readonly keptPackets: number;
  readonly lostPackets: number;
}

async function serving(box: Box, { scratch }: BenchContext, port: number): Promise<() => void> {
  const server = await startRemote(box, scratch, `exec /opt/workload/flows serve --port ${port}`);
  await server.firstOutput(/ready/);
  return () => server.kill();
}

async function holdConnections(box: Box, { scratch }: BenchContext): Promise<() => void> {
  const held = await startRemote(box, scratch, `exec /opt/workload/flows hold --port ${HELD_PORT} --count ${HELD}`);
  const count = `ss -Htn state established 'dport = :${HELD_PORT}' | wc -l`;
  await inBox(box, `until [ "$(${count})" -ge ${HELD} ]; do sleep 1; done`, LIMIT_MS);
  return () => held.kill();
}

/** A thousand a second, as long as the box keeps up; the number that were made. */
async function openAndClose(box: Box, seconds: number): Promise<{ readonly made: number; readonly tookS: number }> {
  const count = PER_SECOND / BURSTS;
  const burst = `/opt/workload/flows connect --port ${NEW_PORT} --count ${count} > /dev/null & sleep ${1 / BURSTS}; wait`;
  const script = `a=$(date +%s%N); for i in $(seq ${seconds * BURSTS}); do ${burst}; done; b=$(date +%s%N); echo $((b - a))`;
  const said = await inBox(box, script, LIMIT_MS);
  return { made: seconds * BURSTS * count, tookS: Number(said.trim().split('\n').at(-1)) / 1e9 };
}

async function seenIn(recording: string): Promise<Seen> {
  const reader = await openRecording(recording);
  let [newFlows, others, keptPackets, lostPackets] = [0, 0, 0, 0];
  for await (const signal of reader.signals()) {
    if (signal.kind === 'definitions')
      for (const { remotePort, direction, isOthers } of signal.flows) {
        if (remotePort === NEW_PORT && direction === 'out' && !isOthers) newFlows += 1;
        if (isOthers) others += 1;
      }
    if (signal.kind !== 'window' || signal.probe !== 'net-flows') continue;
    keptPackets += signal.counters.kept;
    lostPackets += sum(signal.counters.lost.map(({ count }) => count));
  }
  await reader.close();
  return { newFlows, others, keptPackets, lostPackets };
}

async function measure(box: Box, context: BenchContext) {
  const { scratch, seconds, log } = context;
  await countBpfTime(box);
  const stops = [await serving(box, context, HELD_PORT), await serving(box, context, NEW_PORT)];
  stops.push(await holdConnections(box, context));
  log(`${HELD} connections are open`);
  const observation = await Observation.start(box, scratch, 'net-load', 'net-flows');
  const dir = observation.installation?.dir ?? '';
  const isOurs = ({ exe }: Process) => exe.startsWith(`${dir}/`);
  const isAgent = ({ exe }: Process) => exe.startsWith(`${dir}/node`);
  const warm = await openAndClose(box, WARM_S);
  const before = { snapshot: await takeSnapshot(box), bytes: observation.receivedBytes };
  const { made, tookS } = await openAndClose(box, seconds);
  const after = { snapshot: await takeSnapshot(box), bytes: observation.receivedBytes };
  await passInBox(box, SETTLE_S);
  await observation.end();
  for (const stop of stops) stop();
  const elapsedS = after.snapshot.atS - before.snapshot.atS;
  const startS = usageOf(before.snapshot, isOurs).cpuS;
  const share = (isIt: (process: Process) => boolean) =>
    (usageOf(after.snapshot, isIt).cpuS - usageOf(before.snapshot, isIt).cpuS) / elapsedS;
  return {
    made: warm.made + made,
    startS,
    perSecond: made / tookS,
    agent: share(isAgent),
    loader: share((process) => isOurs(process) && !isAgent(process)),
    bpf: (after.snapshot.bpfCpuS - before.snapshot.bpfCpuS) / elapsedS,
    residentBytes: usageOf(after.snapshot, isOurs).residentBytes,
    bytesPerS: (after.bytes - before.bytes) / elapsedS,
    seen: await seenIn(observation.recordingFile),
  };
}

async function run(context: BenchContext): Promise<BenchResult> {
  const load = await context.withBox(BOX, (box) => measure(box, context));
  const { made, startS, perSecond, agent, loader, bpf, bytesPerS, seen } = load;
  const isWhole = seen.newFlows === made || seen.others > 0 || seen.lostPackets > 0;
  return {
    about: `${HELD} connections are held, and for ${context.seconds} s others are opened, used and closed, ${perSecond.toFixed(0)} a second, both ends on one box; the ${WARM_S} s before are counted apart. The box counts instructions.`,
    claims: [
      {
        what: 'connections that are missing and not counted',
        target: 'none',
        measured: `${seen.newFlows} of ${made} told one by one, ${seen.lostPackets} packets counted as lost`,
        met: isWhole,
      },
      {
        what: 'CPU of agent and loader',
        target: `≤ ${percent(CPU_TARGET, 0)} of one core`,
        measured: percent(agent + loader),
        met: agent + loader <= CPU_TARGET,
      },
      {
        what: 'bytes from the device',
        target: '≤ 50 kB/s',
        measured: `${kilobytes(bytesPerS)}/s`,
        met: bytesPerS <= BYTES_TARGET_PER_S,
      },
    ],
    tables: [
      {
        title: 'While they come and go',
        columns: ['', ''],
        rows: [
          ['agent', `${percent(agent, 2)} of one core`],
          ['loader', `${percent(loader, 2)} of one core`],
          [`both, start and the first ${WARM_S} s of load`, `${startS.toFixed(2)} s`],
          ['programs in the kernel', `${percent(bpf, 2)} of one core`],
          ['resident', `${(load.residentBytes / (1 << 20)).toFixed(1)} MiB`],
          ['packets kept', seen.keptPackets.toLocaleString('en')],
          ['rows of all others', String(seen.others)],
        ],
      },
    ],
    notes: [
      'Each connection is two flows, one at each end. Frames of the window with 5,000 flows that all have traffic are measured with the flame graph’s pictures.',
    ],
    figures: load,
  };
}

export const NET_LOAD: Bench = { name: 'net-load', title: 'Many connections', run };
