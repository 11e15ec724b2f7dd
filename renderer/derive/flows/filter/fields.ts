import { TCP_STATE_NAMES } from '../../../../remote-agent/protocol/network/index.ts';
import type { FlowDirection } from '../../../../remote-agent/protocol/signal.ts';

/** What a filter can ask of a flow. The one list that parser, matcher, completions and help read. */

/** How an amount is written, and in which unit it is compared. */
export type AmountUnit = 'bytes' | 'ns' | 'count';

export interface FieldSpec {
  readonly name: FieldName;
  /** Other names people know it by. */
  readonly aliases: readonly string[];
  readonly kind: FieldKind;
  readonly help: string;
  readonly example: string;
}

export type FieldKind =
  /** Part of a text, without regard to case, or a regular expression. */
  | { readonly kind: 'text' }
  /** A number or a range of them: 1883, 8000-8099. */
  | { readonly kind: 'port' }
  /** An address, the beginning of one, a network or a name. */
  | { readonly kind: 'place' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  /** > < >= <= = and a number with its unit. */
  | { readonly kind: 'amount'; readonly unit: AmountUnit };

export type FieldName = (typeof NAMES)[number];

const NAMES = [
  'proc',
  'container',
  'port',
  'sport',
  'dport',
  'lport',
  'rport',
  'ip',
  'host',
  'local',
  'remote',
  'name',
  'proto',
  'dir',
  'state',
  'error',
  'closed',
  'bytes',
  'sent',
  'received',
  'packets',
  'retrans',
  'ooo',
  'zerowin',
  'resets',
  'rtt',
  'jitter',
  'connect',
  'closing',
  'closewait',
  'age',
] as const;

export const PROTOCOL_WORDS = ['tcp', 'udp', 'icmp', 'icmpv6', 'other'] as const;
export const DIRECTION_WORDS: readonly FlowDirection[] = ['out', 'in', 'listening', 'unknown'];
/** Besides the states of TCP: whatever has not ended. */
const OPEN = 'open';
const YES_NO = ['yes', 'no'] as const;

const text = { kind: 'text' } as const;
const port = { kind: 'port' } as const;
const place = { kind: 'place' } as const;
const word = (words: readonly string[]) => ({ kind: 'word', words }) as const;
const amount = (unit: AmountUnit) => ({ kind: 'amount', unit }) as const;

function spec(
  name: FieldName,
  kind: FieldKind,
  help: string,
  example: string,
  aliases: readonly string[] = [],
): FieldSpec {
  return { name, kind, help, example, aliases };
}

export const FIELDS: readonly FieldSpec[] = [
  spec('proc', text, 'Process name or pid', 'proc:mosquitto', ['process', 'pid', 'comm']),
  spec('container', text, 'Container; host = none', 'container:broker'),
  spec('port', port, 'Port at either end', 'port:1883'),
  spec('sport', port, 'Port of the side that opened the flow', 'sport:40000-50000'),
  spec('dport', port, 'Port of the side that was called', 'dport:443'),
  spec('lport', port, 'Port on this box', 'lport:22'),
  spec('rport', port, 'Port at the other end', 'rport:53'),
  spec('ip', place, 'Address or network at either end', 'ip:10.0.0.0/8', ['net', 'addr', 'address']),
  spec('host', place, 'Address, network or name at either end', 'host:broker.plant'),
  spec('local', place, 'Address or network on this box', 'local:127.0.0.1', ['src']),
  spec('remote', place, 'Address, network or name at the other end', 'remote:192.168.1.0/24', ['dst']),
  spec('name', text, 'Name of the other end, as the box resolved it', 'name:example.org'),
  spec('proto', word(PROTOCOL_WORDS), 'Protocol', 'proto:udp', ['protocol']),
  spec('dir', word(DIRECTION_WORDS), 'Who opened it: this box (out) or the other end (in)', 'dir:out', ['direction']),
  spec('state', word([...TCP_STATE_NAMES, OPEN]), 'State of a TCP connection', 'state:established'),
  spec('error', text, 'Error it failed with; any = every error', 'error:ECONNREFUSED', ['errno']),
  spec('closed', word(YES_NO), 'Whether it has ended', 'closed:no'),
  spec('bytes', amount('bytes'), 'Payload both ways', 'bytes:>1MB'),
  spec('sent', amount('bytes'), 'Payload sent', 'sent:>100kB'),
  spec('received', amount('bytes'), 'Payload received', 'received:>100kB', ['recv']),
  spec('packets', amount('count'), 'Packets both ways', 'packets:>1000'),
  spec('retrans', amount('count'), 'Segments sent again', 'retrans:>0', ['retransmits']),
  spec('ooo', amount('count'), 'Segments that came out of order', 'ooo:>0', ['out-of-order']),
  spec('zerowin', amount('count'), 'Zero windows', 'zerowin:>0', ['zero-windows']),
  spec('resets', amount('count'), 'Resets', 'resets:>0', ['rst']),
  spec('rtt', amount('ns'), 'Smoothed round trip', 'rtt:>50ms'),
  spec('jitter', amount('ns'), 'Jitter', 'jitter:>5ms'),
  spec('connect', amount('ns'), 'Time from SYN to established', 'connect:>1s'),
  spec('closing', amount('ns'), 'Time from the first FIN to closed', 'closing:>1s'),
  spec('closewait', amount('ns'), 'Of that: the other end had closed it, its process here had not', 'closewait:>10s', [
    'close-wait',
  ]),
  spec('age', amount('ns'), 'How long it has been open', 'age:<10s'),
];

const BY_NAME = new Map(
  FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field] as const)),
);

export function findField(name: string): FieldSpec | null {
  return BY_NAME.get(name) ?? null;
}
