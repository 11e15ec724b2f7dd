/** What flows did on one side of a comparison. */

export interface TrafficSum {
  flows: number;
  /** Payload bytes. */
  sent: number;
  received: number;
  packetsSent: number;
  retransmits: number;
  /** Of the slowest; 0 = not known. */
  rttNs: number;
}

export const NO_TRAFFIC: Readonly<TrafficSum> = {
  flows: 0,
  sent: 0,
  received: 0,
  packetsSent: 0,
  retransmits: 0,
  rttNs: 0,
};

export interface FlowSide {
  readonly flows: number;
  /** Payload bytes. */
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  /** Of the packets sent, 0..1. */
  readonly retransmitShare: number;
  /** Of the slowest; null = not known. */
  readonly rttNs: number | null;
}

export interface FlowDiff {
  /** Process or remote address. */
  readonly who: string;
  /** What the box calls that address; '' = nothing. */
  readonly name: string;
  readonly before: FlowSide;
  readonly after: FlowSide;
}

/** `seconds`: what the sum covers; 0 makes every rate 0. */
export function flowSide(sum: Readonly<TrafficSum> | null | undefined, seconds: number): FlowSide {
  const { flows, sent, received, packetsSent, retransmits, rttNs } = sum ?? NO_TRAFFIC;
  const perSecond = (bytes: number): number => (seconds > 0 ? bytes / seconds : 0);
  return {
    flows,
    sentPerSecond: perSecond(sent),
    receivedPerSecond: perSecond(received),
    retransmitShare: retransmits === 0 ? 0 : retransmits / Math.max(packetsSent, retransmits),
    rttNs: rttNs || null,
  };
}
