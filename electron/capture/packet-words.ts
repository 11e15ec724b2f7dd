/** What a packet's comment and flags say. */
import { type CapturePacket, PACKET_TYPES } from './wire.ts';

const INBOUND = 1;
const OUTBOUND = 2;
/** Kind of the address it was sent to, from bit 2 on. */
const RECEPTION: Readonly<Record<number, number>> = {
  [PACKET_TYPES.host]: 1,
  [PACKET_TYPES.multicast]: 2,
  [PACKET_TYPES.broadcast]: 3,
  [PACKET_TYPES.otherHost]: 4,
};

/** epb_flags of pcapng. */
export function packetFlags({ type }: CapturePacket): number {
  const direction = type === PACKET_TYPES.outgoing ? OUTBOUND : INBOUND;
  return direction | ((RECEPTION[type] ?? 0) << 2);
}

/** "mosquitto_pub (pid 900) → mosquitto (pid 812)"; only one of them where the other is elsewhere; '' = neither known. */
export function ownersText({ sender, receiver }: CapturePacket, commOf: (pid: number) => string): string {
  const name = (pid: number): string => `${commOf(pid)} (pid ${pid})`;
  if (sender && receiver) return `${name(sender)} → ${name(receiver)}`;
  if (sender) return `from ${name(sender)}`;
  return receiver ? `to ${name(receiver)}` : '';
}
