// What the made-up gateway asked of DNS, and which of its packets were dropped. Seeded: every run looks the same.
import type { ProbeSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, dropWindow, flowDef, type MadeDnsRow, type MadeDropRow } from '../../fixtures/flows.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { QUERY, RESPONSE, writeDns } from '../../unit/protocol/dns-writer.ts';

const [A, AAAA] = [1, 28];
const [SERVFAIL, NXDOMAIN] = [2, 3];
const MS = 1e6;
/** Far from the ids that flows get one by one, as they come. */
const FLOW = 9_000_000;

interface Question {
  readonly comm: string;
  readonly name: string;
  readonly type: number;
  readonly address: readonly number[];
  readonly code?: number;
  readonly latencyNs: number;
  /** Questions a second. */
  readonly rate: number;
  readonly isUnanswered?: boolean;
}

const QUESTIONS: readonly Question[] = [
  {
    comm: 'python3',
    name: 'mqtt.cloud.example',
    type: A,
    address: [203, 0, 113, 40],
    latencyNs: 19 * MS,
    rate: 0.12,
  },
  {
    comm: 'python3',
    name: 'api.weather.example',
    type: AAAA,
    address: [0x20, 1, 0x0d, 0xb8, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1f],
    latencyNs: 31 * MS,
    rate: 0.25,
  },
  {
    comm: 'python3',
    name: 'kafka-2.plant.example',
    type: A,
    address: [192, 168, 1, 99],
    latencyNs: 2 * MS,
    rate: 0.2,
  },
  {
    comm: 'mosquitto',
    name: 'auth.plant.exmaple',
    type: A,
    address: [],
    code: NXDOMAIN,
    latencyNs: 44 * MS,
    rate: 0.3,
  },
  {
    comm: 'containerd',
    name: 'registry.example',
    type: A,
    address: [],
    code: SERVFAIL,
    latencyNs: 2100 * MS,
    rate: 0.02,
  },
  { comm: 'modbusd', name: 'time.plant.example', type: A, address: [], latencyNs: 0, rate: 0.04, isUnanswered: true },
];

const DROPS: readonly (MadeDropRow & { readonly share: number })[] = [
  { where: 1, cause: 'NO_SOCKET', packets: 3, share: 0.3 },
  { where: 1, cause: 'SOCKET_RCVBUFF', packets: 40, share: 0.08 },
  { where: 1, cause: 'NETFILTER_DROP', packets: 2, share: 0.6 },
  { where: 2, cause: 'eth0 rx_dropped', packets: 5, share: 0.12 },
  { where: 3, cause: 'UdpRcvbufErrors', packets: 40, share: 0.08 },
  { where: 3, cause: 'TcpExtListenDrops', packets: 1, share: 0.05 },
];

/** A window of DNS messages and one of drops right behind each window of flows, and the probes' starts. */
export function withNames(signals: readonly Signal[]): readonly Signal[] {
  const random = seededRandom(37);
  const threads = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.threads : []));
  const threadOf = (comm: string) => threads.find((thread) => thread.comm === comm)?.id ?? 0;
  // Ids of flows only rise, so the one to the resolver comes last and its messages behind it.
  const resolver = flowDef({
    id: FLOW,
    protocol: 17,
    localAddress: '192.168.1.20',
    localPort: 43_117,
    remoteAddress: '192.168.1.1',
    remotePort: 53,
  });
  const windows = signals.flatMap((signal) =>
    signal.kind === 'window' && signal.probe === 'net-flows'
      ? [namesBeside(signal, threadOf, random), dropsBeside(signal, random)]
      : [],
  );
  const starts = signals.flatMap((signal): readonly ProbeSignal[] =>
    signal.kind === 'probe' && signal.probe === 'net-flows' && signal.what.kind === 'started'
      ? ['dns', 'net-drops'].map((probe) => ({ ...signal, probe }))
      : [],
  );
  return [...signals, ...starts, definitionsOf({ flows: [resolver] }), ...windows];
}

function namesBeside({ fromNs, toNs }: WindowSignal, threadOf: (comm: string) => number, random: () => number): Signal {
  const rows: MadeDnsRow[] = [];
  for (const question of QUESTIONS) {
    if (random() >= question.rate) continue;
    const at = Math.round(fromNs + random() * 4e8);
    const id = Math.floor(random() * 65_536);
    const asked = [{ name: question.name, type: question.type }];
    const sent = { thread: threadOf(question.comm), flow: FLOW };
    rows.push({ ...sent, at, incoming: 0, message: writeDns({ id, flags: QUERY, questions: asked }) });
    if (question.isUnanswered) continue;
    const answers =
      question.address.length === 0 ? [] : [{ name: question.name, type: question.type, data: question.address }];
    const message = writeDns({ id, flags: RESPONSE | (question.code ?? 0), questions: asked, answers });
    const latencyNs = question.latencyNs * (0.6 + 0.9 * random());
    rows.push({ ...sent, at: Math.round(at + latencyNs), incoming: 1, message });
  }
  return dnsWindow(fromNs, toNs, rows);
}

function dropsBeside({ fromNs, toNs }: WindowSignal, random: () => number): Signal {
  const rows = DROPS.filter(({ share }) => random() < share).map(({ where, cause, packets }) => ({
    where,
    cause,
    packets: Math.ceil(packets * (0.4 + random())),
  }));
  return dropWindow(fromNs, toNs, rows);
}
