/** What Sonde's own connections carried: shown as such, and in no total. */
import type { FlowSum } from './flow-sum.ts';

export class OwnTraffic {
  flows = 0;
  sentBytes = 0;
  receivedBytes = 0;

  /** false: it is another's. */
  take(sum: FlowSum): boolean {
    if (!sum.isOwn) return false;
    this.flows += 1;
    this.sentBytes += sum.of('sent');
    this.receivedBytes += sum.of('received');
    return true;
  }
}
