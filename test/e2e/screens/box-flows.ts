// Network flows of the made-up gateway, a window for each of its samples. Seeded: every run looks the same.
import { TCP_STATE } from '../../../remote-agent/protocol/network/index.ts';
import type { FlowDef, Signal, ThreadDef, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowDef, flowWindow, type MadeFlowRow } from '../../fixtures/flows.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { withNames } from './box-names.ts';

const ENETUNREACH = 101;
const ECONNREFUSED = 111;
const ETIMEDOUT = 110;
const US = 1000;
const MS = 1e6;
const UDP = 17;
const ICMP = 1;

/** What one kind of flow does in a second. */
interface Habit {
  readonly comm: string;
  readonly def: Partial<FlowDef>;
  readonly sent: number;
  readonly received: number;
  readonly rttNs?: number;
  /** Share of the segments that are lost on their way. */
  readonly loss?: number;
  readonly state?: number;
  /** Connections that come and go: so many a second, each open for some seconds. */
  readonly churn?: {
    readonly perSecond: number;
    readonly seconds: number;
    readonly errno?: number;
    /** No packet leaves. */
    readonly tries?: number;
  };
}

/** The other end closes first, and the process here takes so long to notice. */
const HALF_CLOSED_NS = 180 * MS;
const OWN: Partial<FlowDef> = { direction: 'in', localAddress: '192.168.1.20', localPort: 22, isOwn: true };
const PLANT = '192.168.7.';

const HABITS: readonly Habit[] = [
  {
    comm: 'mosquitto',
    def: { direction: 'listening', localAddress: '0.0.0.0', localPort: 1883, remoteAddress: '', remotePort: 0 },
    sent: 0,
    received: 0,
    state: TCP_STATE.listening,
  },
  ...[31, 32, 35, 36, 41].map(
    (host): Habit => ({
      comm: 'mosquitto',
      def: {
        direction: 'in',
        localAddress: '192.168.1.20',
        localPort: 1883,
        remoteAddress: `192.168.1.${host}`,
        remotePort: 50_000 + host * 3,
      },
      sent: 2300 + host * 90,
      received: 400 * (host - 28),
      rttNs: (host - 27) * 2.1 * MS,
      loss: host === 36 ? 0.07 : host === 41 ? 0.02 : 0,
    }),
  ),
  {
    comm: 'python3',
    def: { localAddress: '192.168.1.20', remoteAddress: '203.0.113.40', remotePort: 8883 },
    sent: 21_400,
    received: 1900,
    rttNs: 84 * MS,
    loss: 0.006,
  },
  {
    comm: 'python3',
    def: { localAddress: '192.168.1.20', remoteAddress: '2001:db8:20::1f', remotePort: 443, family: 6 },
    sent: 900,
    received: 14_300,
    rttNs: 23 * MS,
    churn: { perSecond: 0.25, seconds: 4 },
  },
  {
    comm: 'python3',
    def: { localAddress: '192.168.1.20', remoteAddress: '192.168.1.99', remotePort: 9092 },
    sent: 0,
    received: 0,
    churn: { perSecond: 0.2, seconds: 0, errno: ECONNREFUSED },
  },
  {
    comm: 'python3',
    def: { localAddress: '0.0.0.0', localPort: 0, remoteAddress: '198.51.100.7', remotePort: 8086 },
    sent: 0,
    received: 0,
    churn: { perSecond: 0.08, seconds: 0, errno: ENETUNREACH, tries: 14 },
  },
  {
    comm: 'python3',
    def: { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1', remotePort: 6379 },
    sent: 3300,
    received: 2800,
    rttNs: 48 * US,
  },
  ...[11, 12, 13].map(
    (host): Habit => ({
      comm: 'modbusd',
      def: { localAddress: `${PLANT}1`, remoteAddress: PLANT + host, remotePort: 502 },
      sent: 620,
      received: 1450,
      rttNs: 3.4 * MS,
      loss: host === 13 ? 0.015 : 0,
    }),
  ),
  {
    comm: 'modbusd',
    def: { localAddress: `${PLANT}1`, remoteAddress: `${PLANT}14`, remotePort: 502 },
    sent: 0,
    received: 0,
    churn: { perSecond: 0.06, seconds: 0, errno: ETIMEDOUT },
  },
  {
    // Its process has no patience.
    comm: 'modbusd',
    def: { localAddress: `${PLANT}1`, remoteAddress: `${PLANT}15`, remotePort: 502 },
    sent: 0,
    received: 0,
    churn: { perSecond: 0.05, seconds: 1 },
  },
  {
    comm: 'containerd',
    def: { localAddress: '172.17.0.1', remoteAddress: '172.17.0.4', remotePort: 8080, netns: 2 },
    sent: 5100,
    received: 9400,
    rttNs: 110 * US,
  },
  {
    comm: 'python3',
    def: { protocol: UDP, localAddress: '192.168.1.20', remoteAddress: '192.168.1.1', remotePort: 53 },
    sent: 70,
    received: 160,
    state: TCP_STATE.none,
  },
  {
    comm: '',
    def: { protocol: ICMP, localAddress: '192.168.1.20', localPort: 0, remoteAddress: '192.168.1.1', remotePort: 0 },
    sent: 56,
    received: 56,
    state: TCP_STATE.none,
  },
  {
    comm: 'sshd',
    def: { ...OWN, remoteAddress: '192.168.1.9', remotePort: 51_234 },
    sent: 10_400,
    received: 600,
    rttNs: 12 * MS,
  },
];

const NAMES = [
  { address: '127.0.0.1', name: 'localhost', source: 'hosts' },
  { address: `${PLANT}11`, name: 'plc-press-1', source: 'hosts' },
  { address: `${PLANT}12`, name: 'plc-press-2', source: 'hosts' },
] as const;

interface Alive {
  readonly id: number;
  readonly habit: Habit;
  readonly thread: number;
  readonly bornS: number;
}

/** A window of flows right behind each window of samples, with what DNS said and what was dropped; and the probes' starts. */
export function withFlows(signals: readonly Signal[], { losing = false, onlyFlows = false } = {}): readonly Signal[] {
  const world = new FlowBox(signals, losing);
  const flows = signals.flatMap((signal): readonly Signal[] => {
    if (signal.kind === 'probe' && signal.what.kind === 'started' && signal.probe === 'cpu-profile') {
      const options = { 'map-mb': '16' };
      return [signal, { ...signal, probe: 'net-flows', what: { ...signal.what, options } }];
    }
    if (signal.kind !== 'window' || signal.probe !== 'cpu-profile') return [signal];
    return [signal, ...world.second(signal)];
  });
  return onlyFlows ? flows : withNames(flows);
}

/** The gateway's sockets from one second to the next. */
class FlowBox {
  readonly #random = seededRandom(31);
  readonly #threads: readonly ThreadDef[];
  readonly #losing: boolean;
  #nextId = 1;
  #alive: Alive[] = [];
  #isFirst = true;

  constructor(signals: readonly Signal[], losing: boolean) {
    this.#threads = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.threads : []));
    this.#losing = losing;
  }

  second({ fromNs, toNs }: WindowSignal): readonly Signal[] {
    const second = Math.round(fromNs / 1e9);
    const rows: MadeFlowRow[] = [];
    const defs: FlowDef[] = [];
    for (const habit of HABITS) {
      if (habit.churn ? this.#random() < habit.churn.perSecond : this.#isFirst) {
        const [alive, def] = this.#open(habit, fromNs, second);
        defs.push(def);
        this.#alive.push(alive);
      }
    }
    for (const alive of this.#alive) rows.push(...this.#row(alive, second, fromNs, toNs));
    this.#alive = this.#alive.filter(({ habit, bornS }) => !habit.churn || second - bornS < habit.churn.seconds);
    const addressNames = this.#isFirst ? NAMES : [];
    this.#isFirst = false;
    const lost = this.#losing && second % 97 > 84 ? 120 : 0;
    const news = defs.length + addressNames.length > 0 ? [definitionsOf({ flows: defs, addressNames })] : [];
    return [...news, flowWindow(fromNs, toNs, rows, lost)];
  }

  #open(habit: Habit, fromNs: number, bornS: number): [Alive, FlowDef] {
    const id = this.#nextId++;
    const openedNs = habit.churn ? fromNs + Math.floor(this.#random() * 5e8) : 0;
    const thread = this.#threads.find(({ comm }) => comm === habit.comm)?.id ?? 0;
    return [{ id, habit, thread, bornS }, flowDef({ id, openedNs, ...habit.def })];
  }

  #row({ id, habit, thread, bornS }: Alive, second: number, fromNs: number, toNs: number): readonly MadeFlowRow[] {
    const { churn, rttNs = 0, loss = 0, state = TCP_STATE.established } = habit;
    const isNew = second === bornS;
    // Every so often the line is bad, and everything that crosses it suffers.
    const isBad = second % 61 < 7 && rttNs > MS;
    const load = (0.5 + this.#random()) * (1 + Math.sin(second / 17) * 0.4) * (isBad ? 0.5 : 1);
    const [sent, received] = [Math.round(habit.sent * load), Math.round(habit.received * load)];
    if (sent + received === 0 && !churn && !isNew && second % 30 !== 0) return [];
    const packets = Math.ceil(sent / 700) + Math.ceil(received / 700);
    const isLast = churn !== undefined && second - bornS >= churn.seconds;
    const smoothed = rttNs * (0.85 + 0.3 * this.#random()) * (isBad ? 2.3 : 1);
    return [
      {
        flow: id,
        thread,
        state: isLast ? TCP_STATE.closed : state,
        sent,
        received,
        'packets-sent': churn?.tries ? 0 : Math.ceil(sent / 700) + 1,
        'packets-received': churn?.tries ? 0 : packets + 1,
        retransmits: loss > 0 && this.#random() < loss * 12 * (isBad ? 3 : 1) ? 1 + Math.floor(loss * 30) : 0,
        'out-of-order': loss > 0 && this.#random() < loss * 4 ? 1 : 0,
        resets: churn?.errno === ECONNREFUSED ? 1 : 0,
        rtt: Math.round(smoothed),
        'rtt-min': Math.round(rttNs * 0.8),
        jitter: Math.round(smoothed * 0.12),
        connect: churn && !churn.errno && (isNew || isLast) ? Math.round(smoothed) : 0,
        closing: isLast && smoothed > 0 ? Math.round(smoothed * 1.2) + HALF_CLOSED_NS : 0,
        'close-wait': isLast && smoothed > 0 ? HALF_CLOSED_NS : 0,
        errno: churn?.errno ?? 0,
        tries: churn?.tries ?? 0,
        closed: isLast ? Math.round(fromNs + (toNs - fromNs) * 0.7) : 0,
      },
    ];
  }
}
