import { addressText, IPV4_LENGTH, parseAddress } from '../../../../remote-agent/protocol/address.ts';

/** The first bits of some addresses. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** "10.0.0.0/8", "fe80::/10" or a whole address; null where it is none of them. */
export function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...rest] = text.split('/');
  const bytes = parseAddress(address);
  if (!bytes || rest.length > 0) return null;
  const most = bytes.length * 8;
  if (bits === undefined) return { bytes, bits: most };
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? { bytes, bits: Number(bits) } : null;
}

export function isInNetwork({ bytes, bits }: Network, address: Uint8Array): boolean {
  if (address.length !== bytes.length) return false;
  const whole = bits >>> 3;
  for (let at = 0; at < whole; at++) if (address[at] !== bytes[at]) return false;
  const rest = bits & 7;
  return rest === 0 || (address[whole]! ^ bytes[whole]!) >>> (8 - rest) === 0;
}

/** Where a network ends that addresses are grouped by: what a plant or a provider usually gives to one line. */
const GROUPED_BYTES = { ipv4: 3, ipv6: 8 } as const;

/** "10.0.3.0/24", "2001:db8:0:7::/64"; the text itself where it is no address. */
export function subnetOf(address: string): string {
  const bytes = parseAddress(address);
  if (!bytes) return address;
  const kept = bytes.length === IPV4_LENGTH ? GROUPED_BYTES.ipv4 : GROUPED_BYTES.ipv6;
  return `${addressText(bytes.map((byte, at) => (at < kept ? byte : 0)))}/${kept * 8}`;
}
