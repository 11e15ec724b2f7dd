/** Dropped packets, by what counted them and why. */
import { deviceText, type Signal, type WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { Collector } from '../batches.ts';
import { Coverage, type Covered } from '../coverage.ts';
import type { ProfileFilter } from '../filter.ts';
import { WindowReader } from '../window-reader.ts';

export const DROPS_PROBE = 'net-drops';
const MAX_CAUSE = 200;

export interface Drop {
  /** Code of the table `drop-place`. */
  readonly place: number;
  readonly cause: string;
  packets: number;
}

export interface CollectedDrops extends Covered {
  readonly drops: readonly Drop[];
}

/** The kernel, the interfaces and the counters have a few hundred causes together. */
export class DropTable {
  private readonly byCause = new Map<string, Drop>();

  take(window: WindowSignal): void {
    const reader = new WindowReader(window);
    for (let row = 0; row < window.rows; row++) {
      const place = reader.number('where', row);
      const cause = deviceText(reader.bytes('cause', row), MAX_CAUSE);
      const key = `${place} ${cause}`;
      const drop = this.byCause.get(key) ?? { place, cause, packets: 0 };
      drop.packets += reader.number('packets', row);
      this.byCause.set(key, drop);
    }
  }

  /** Most first. */
  get drops(): Drop[] {
    return [...this.byCause.values()].sort((a, b) => b.packets - a.packets);
  }
}

export class DropCollector implements Collector<CollectedDrops> {
  private readonly table = new DropTable();
  private readonly coverage: Coverage;

  constructor(filter: ProfileFilter) {
    this.coverage = new Coverage(DROPS_PROBE, filter);
  }

  take(signal: Signal): void {
    if (this.coverage.take(signal)) this.table.take(signal);
  }

  finish(): CollectedDrops {
    return { ...this.coverage.result(), drops: this.table.drops };
  }
}
