/**
 * Puts records on the workstation's time axis: its clock at the first timed record of an agent run, plus what has
 * passed on the device's monotonic clock since. The device's wall clock, which may say 1970 or jump, has no part in it.
 */
import type { AgentFrame } from '../../remote-agent/protocol/index.ts';

export interface Anchor {
  readonly deviceMonotonicNs: bigint;
  readonly workstationNs: bigint;
}

export class LogClock {
  private anchor: Anchor | null = null;
  private lastNs = 0n;

  /** `anchor` is there when this record has set a new one. A record without a time has that of the one before it. */
  stamp(frame: AgentFrame, workstationNs: bigint): { readonly logNs: bigint; readonly anchor: Anchor | null } {
    // A new run may be a new boot: its monotonic clock has nothing to do with the last one's.
    if (frame.body.case === 'device') this.anchor = null;
    const atNs = deviceTimeNs(frame);
    if (atNs === null) {
      if (this.anchor === null) this.lastNs = workstationNs;
      return { logNs: this.lastNs, anchor: null };
    }
    const isFirst = this.anchor === null;
    this.anchor ??= { deviceMonotonicNs: atNs, workstationNs };
    this.lastNs = atLeastZero(this.anchor.workstationNs + atNs - this.anchor.deviceMonotonicNs);
    return { logNs: this.lastNs, anchor: isFirst ? this.anchor : null };
  }
}

/** When the record was complete, on the device's CLOCK_MONOTONIC; null where it does not say. */
function deviceTimeNs({ body }: AgentFrame): bigint | null {
  switch (body.case) {
    case 'window':
    case 'cost':
      return body.value.toNs;
    case 'clock':
      return body.value.monotonicNs;
    case 'note':
    case 'probeEvent':
      return body.value.atNs;
    default:
      return null;
  }
}

/** MCAP's times are unsigned 64-bit. */
function atLeastZero(ns: bigint): bigint {
  return ns < 0n ? 0n : BigInt.asUintN(64, ns);
}
