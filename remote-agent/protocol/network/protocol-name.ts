/** IP protocols that flows may have, by their number. */
const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** A protocol without a name here is told by its number: "ip-132". */
export function protocolName(protocol: number): string {
  return NAMES[protocol] ?? `ip-${protocol}`;
}
