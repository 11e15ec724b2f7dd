/** A busy box, second by second, as its loader tells of it: rows of net-flows in the order of a hash table, which is none. */
import { seededRandom } from '../../fixtures/random.ts';

export interface FlowWorldOptions {
  readonly open: number;
  readonly activePerSecond: number;
  readonly newPerSecond: number;
}

const SERVERS = 40;
const PROCESSES = 30;
const SECOND_NS = 1e9;

export class FlowWorld {
  private readonly options: FlowWorldOptions;
  private readonly random = seededRandom(4);
  private readonly longLived: object[];
  private second = 0;
  private cookies = 0;

  constructor(options: FlowWorldOptions) {
    this.options = options;
    this.longLived = Array.from({ length: options.open }, () => this.flow(0));
  }

  /** Rows of the next second: of those that talk, and of those that come and go within it. */
  next(): object[] {
    const { open, activePerSecond, newPerSecond } = this.options;
    const from = ++this.second * SECOND_NS;
    const first = this.below(open);
    const active = Array.from({ length: activePerSecond }, (_, i) => this.talking((first + i * 3) % open));
    const fresh = Array.from({ length: newPerSecond }, (_, i) =>
      this.shortLived(from + Math.floor((i / newPerSecond) * SECOND_NS)),
    );
    return this.shuffled([...active, ...fresh]);
  }

  private talking(index: number): object {
    const rtt = 1000 * (200 + this.below(40_000));
    return {
      ...this.owner(index),
      flow: this.longLived[index],
      state: 1,
      sent: this.below(2000),
      received: this.below(20_000),
      packetsSent: 1 + this.below(20),
      packetsReceived: 1 + this.below(20),
      retransmits: this.below(50) === 0 ? 1 : 0,
      rtt,
      rttMin: 1000 * 180,
      jitter: Math.floor(rtt / 8),
    };
  }

  private shortLived(opened: number): object {
    const took = this.below(SECOND_NS / 20);
    const rtt = 1000 * (100 + this.below(900));
    return {
      ...this.owner(this.below(PROCESSES)),
      flow: this.flow(opened),
      state: 7,
      sent: 100 + this.below(400),
      received: this.below(5000),
      packetsSent: 5 + this.below(3),
      packetsReceived: 5 + this.below(3),
      rtt,
      rttMin: rtt,
      jitter: Math.floor(rtt / 2),
      connect: rtt + this.below(20_000),
      closing: rtt + this.below(200_000),
      closeWait: this.below(2) * this.below(100_000),
      closed: opened + took,
    };
  }

  private flow(opened: number): object {
    const isIn = this.below(2) === 0;
    const server = this.below(SERVERS);
    return {
      cookie: ++this.cookies,
      opened,
      local: '192.168.7.20',
      remote: `10.1.${server % 4}.${server}`,
      localPort: isIn ? 8080 : 32768 + this.below(28_000),
      remotePort: isIn ? 32768 + this.below(28_000) : 443,
      direction: isIn ? 2 : 1,
    };
  }

  private owner(index: number): object {
    return { tgid: 100 + (index % PROCESSES), comm: `service-${index % PROCESSES}` };
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private shuffled(rows: object[]): object[] {
    for (let i = rows.length - 1; i > 0; i--) {
      const other = this.below(i + 1);
      [rows[i], rows[other]] = [rows[other] as object, rows[i] as object];
    }
    return rows;
  }
}
