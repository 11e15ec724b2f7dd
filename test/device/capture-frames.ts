// Packets of every kind that filters ask about, each once, byte by byte.

const [TCP, UDP, ICMP, ICMP6, GRE, SCTP] = [6, 17, 1, 58, 47, 132];
const [IP4, IP6, ARP, LLDP, VLAN] = [0x0800, 0x86dd, 0x0806, 0x88cc, 0x8100];
const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const HERE = '02:00:00:00:00:01';
const THERE = '02:00:00:00:00:02';
const FLAGS = { fin: 1, syn: 2, rst: 4, push: 8, ack: 16 } as const;

const words = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const mac = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
const quad = (text: string) => Buffer.from(text.split('.').map(Number));

/** The last 16 bits tell. */
const six = (last: number) => Buffer.concat([Buffer.from('20010db8', 'hex'), Buffer.alloc(10), words(last)]);

let made = 0;

function ethernet(type: number, payload: Buffer, to = THERE, from = HERE): Buffer {
  const frame = Buffer.concat([mac(to), mac(from), words(type), payload]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))]);
}

function ip4(protocol: number, from: string, to: string, payload: Buffer, { offset = 0, options = 0 } = {}): Buffer {
  const size = 20 + 4 * options;
  const ttl = 64 - (made % 2);
  const head = [
    Buffer.of(0x40 | (5 + options), 0),
    words(size + payload.length, ++made, offset),
    Buffer.of(ttl, protocol),
  ];
  return Buffer.concat([...head, words(0), quad(from), quad(to), Buffer.alloc(4 * options, 1), payload]);
}

function ip6(next: number, payload: Buffer, from = 1, to = 2): Buffer {
  return Buffer.concat([
    Buffer.of(0x60, 0, 0, ++made),
    words(payload.length),
    Buffer.of(next, 64),
    six(from),
    six(to),
    payload,
  ]);
}

function tcp(from: number, to: number, flags: number, text = ''): Buffer {
  const numbers = Buffer.alloc(8);
  return Buffer.concat([words(from, to), numbers, Buffer.of(0x50, flags), words(1000, 0, 0), Buffer.from(text)]);
}

const udp = (from: number, to: number, bytes: number) =>
  Buffer.concat([words(from, to, 8 + bytes, 0), Buffer.alloc(bytes, 0x61)]);
const icmp = (type: number, code = 0) => Buffer.concat([Buffer.of(type, code), words(0, 7, 1), Buffer.alloc(16)]);
const tagged = (id: number, type: number, payload: Buffer) => ethernet(VLAN, Buffer.concat([words(id, type), payload]));
const arp = (operation: number) =>
  Buffer.concat([
    words(1, IP4),
    Buffer.of(6, 4),
    words(operation),
    mac(HERE),
    quad('10.0.0.1'),
    mac(THERE),
    quad('10.0.0.2'),
  ]);
const over4 = (...packet: Parameters<typeof ip4>) => ethernet(IP4, ip4(...packet));
/** An IPv6 header with nothing in it, in front of what is carried. */
const hops = (next: number) => Buffer.concat([Buffer.of(next, 0, 1, 4), Buffer.alloc(4)]);

const [ONE, TWO, FAR] = ['10.0.0.1', '10.0.0.2', '192.168.1.5'];

export const FRAMES: readonly Buffer[] = [
  ethernet(ARP, arp(1), BROADCAST),
  ethernet(ARP, arp(2)),
  over4(TCP, ONE, TWO, tcp(40000, 80, FLAGS.syn)),
  over4(TCP, TWO, ONE, tcp(80, 40000, FLAGS.syn | FLAGS.ack)),
  over4(TCP, ONE, TWO, tcp(40000, 80, FLAGS.push | FLAGS.ack, 'GET / HTTP/1.1\r\n\r\n')),
  over4(TCP, TWO, ONE, tcp(80, 40000, FLAGS.rst)),
  over4(TCP, TWO, ONE, tcp(80, 40001, FLAGS.fin | FLAGS.ack)),
  over4(TCP, FAR, ONE, tcp(50123, 8080, FLAGS.ack, 'x'.repeat(900))),
  over4(TCP, ONE, TWO, tcp(40000, 443, FLAGS.syn), { options: 2 }),
  over4(UDP, ONE, TWO, udp(5353, 53, 30)),
  over4(UDP, TWO, ONE, udp(53, 5353, 120)),
  over4(UDP, ONE, '10.1.2.3', udp(6000, 6001, 1200)),
  over4(UDP, ONE, TWO, udp(6000, 53, 64), { offset: 100 }),
  ethernet(IP4, ip4(UDP, ONE, '224.0.0.251', udp(5353, 5353, 40)), '01:00:5e:00:00:fb'),
  over4(ICMP, ONE, TWO, icmp(8)),
  over4(ICMP, TWO, ONE, icmp(0)),
  over4(ICMP, TWO, ONE, icmp(3, 1)),
  over4(GRE, ONE, TWO, Buffer.alloc(40)),
  over4(SCTP, ONE, TWO, Buffer.concat([words(2905, 2905), Buffer.alloc(24)])),
  ethernet(IP6, ip6(TCP, tcp(40000, 80, FLAGS.syn))),
  ethernet(IP6, ip6(UDP, udp(5353, 53, 30), 2, 1)),
  ethernet(IP6, ip6(ICMP6, icmp(128), 1, 9)),
  ethernet(IP6, ip6(0, Buffer.concat([hops(TCP), tcp(40000, 80, FLAGS.ack)]))),
  ethernet(IP6, ip6(44, Buffer.concat([Buffer.of(UDP, 0), words(0x0010, 1, 1), Buffer.alloc(50)]))),
  ethernet(LLDP, Buffer.alloc(60, 2), '01:80:c2:00:00:0e'),
  tagged(7, IP4, ip4(UDP, ONE, TWO, udp(5000, 53, 30))),
  tagged(9, IP4, ip4(TCP, ONE, TWO, tcp(40000, 80, FLAGS.syn))),
  tagged(9, IP6, ip6(UDP, udp(5000, 6000, 30))),
];

/** As people write them. */
export const FILTERS: readonly string[] = [
  'ip',
  'ip6',
  'arp',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'sctp',
  'ip proto 47',
  'ip6 proto 17',
  'ip6 proto 44',
  'ether proto 0x88cc',
  'host 10.0.0.2',
  'src host 10.0.0.2',
  'dst 192.168.1.5 or src 192.168.1.5',
  'host 2001:db8::9',
  'src host 2001:db8::2',
  'net 10.0.0.0/8',
  'net 192.168.1.0 mask 255.255.255.0',
  'src net 10.0.0 and dst net 10.1',
  'net 2001:db8::/32',
  'port 80',
  'src port 53',
  'dst port 53',
  'tcp dst port 443',
  'portrange 8000-8099',
  'udp portrange 6000-6001',
  'src portrange 40000-40001',
  'tcp port 80 and host 10.0.0.2',
  'not port 80',
  'not (tcp or udp)',
  '! ip && ! ip6',
  'tcp and not port 22 and (src 10.0.0.1 or src 10.0.0.2)',
  'less 100',
  'greater 200',
  'len > 1000',
  'ether host 02:00:00:00:00:01 and arp',
  'ether dst 01:80:c2:00:00:0e',
  'ether broadcast',
  'ether multicast',
  'broadcast or multicast',
  'ip multicast',
  'vlan',
  'vlan 7',
  'vlan 9 and tcp port 80',
  'vlan and udp',
  'udp port 53 or (vlan 7 and udp port 53)',
  'tcp[13] & 2 != 0',
  'tcp[tcpflags] & tcp-syn != 0',
  'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn',
  'tcp[tcpflags] & (tcp-rst|tcp-fin) != 0',
  'tcp[tcpflags] == tcp-ack',
  'ip6[6] == 6 and ip6[53] & 2 != 0',
  'icmp[icmptype] == icmp-echo',
  'icmp[0] = 3 and icmp[1] = 1',
  'icmp6[icmp6type] == icmp6-echo',
  'tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420',
  'udp[4:2] > 100',
  'ip[8] < 64',
  'ip[6:2] & 0x1fff != 0',
  'ip[0] & 0xf > 5',
  'ip[2:2] - ((ip[0] & 0xf) << 2) > 500',
  'ip6 and tcp',
];

/** On all interfaces at once there is no Ethernet header, and so none of its words. */
export const COOKED_FILTERS = FILTERS.filter(
  (filter) => !/ether|vlan|broadcast|multicast|less|greater|len/.test(filter),
);
