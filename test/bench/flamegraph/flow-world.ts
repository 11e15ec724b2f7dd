/** A busy made-up box: 5,000 connections, every one of which has traffic in every second. */
import type { DefinitionsSignal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { flowDef, flowWindow } from '../../fixtures/flows.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { callDefinitions } from './call-world.ts';

export const FLOWS = 5000;
const THREADS = 200;
const REMOTES = 700;
const ESTABLISHED = 1;

/** The processes of the calls bench, and their connections. */
export function flowDefinitions(): DefinitionsSignal {
  const flows = Array.from({ length: FLOWS }, (_, i) => {
    const remote = (i * 7) % REMOTES;
    return flowDef({
      id: i + 1,
      direction: i % 3 === 0 ? 'in' : 'out',
      localPort: 1024 + i,
      remoteAddress: `10.${remote >> 6}.${remote & 63}.${1 + (remote % 250)}`,
      remotePort: [443, 1883, 5432, 8080][i % 4]!,
    });
  });
  return { ...callDefinitions(), flows };
}

/** Windows of a second, one after the other. */
export function* flowWindows(): Generator<WindowSignal, never> {
  const random = seededRandom(11);
  for (let second = 0; ; second++) {
    const rows = Array.from({ length: FLOWS }, (_, i) => {
      const bytes = Math.floor(random() ** 6 * 1e6);
      const rttNs = Math.round((0.2 + (i % 40)) * 1e6 * (0.8 + 0.4 * random()));
      return {
        flow: i + 1,
        thread: 1 + (i % THREADS),
        state: ESTABLISHED,
        sent: bytes,
        received: Math.floor(bytes * random()),
        'packets-sent': 1 + Math.floor(bytes / 1400),
        'packets-received': 1 + Math.floor(bytes / 2800),
        retransmits: random() < 0.02 ? 1 : 0,
        rtt: rttNs,
        'rtt-min': Math.round(rttNs * 0.8),
        jitter: Math.round(rttNs * 0.1),
      };
    });
    yield flowWindow(second * 1e9, (second + 1) * 1e9, rows);
  }
}
