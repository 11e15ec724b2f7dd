/** What dropped packets were dropped for, in words, as far as a cause's name alone does not say it. */

/** Reasons of the kernel (include/net/dropreason-core.h) without their prefix. */
const REASONS: Readonly<Record<string, string>> = {
  BPF_CGROUP_EGRESS: "A BPF program of the sender's cgroup did not let it out",
  CPU_BACKLOG: 'The queue of packets that a CPU has yet to look at was full',
  IP_CSUM: 'The checksum of its IP header was wrong',
  IP_INHDR: 'Its IP header was not as it should be',
  IP_INADDRERRORS: 'Its addresses were not valid here',
  IP_INNOROUTES: 'There is no route to where it wants to go',
  IP_OUTNOROUTES: 'There is no route to where it was sent',
  IP_RPFILTER: 'It came by an interface that its sender cannot be reached by (rp_filter)',
  NEIGH_FAILED: 'Nobody at the next hop answers ARP or neighbour discovery',
  NEIGH_QUEUEFULL: 'Too many packets wait for the address of the next hop',
  NETFILTER_DROP: 'A firewall rule drops it (nftables, iptables)',
  NO_REASON_TOLD: 'Kernels before 5.17 do not say why',
  NO_SOCKET: 'Nobody listens at its port',
  NOMEM: 'The kernel had no memory for it',
  NOT_SPECIFIED: 'The code that dropped it does not say why',
  OTHERHOST: 'It was for another machine on the same wire',
  PKT_TOO_BIG: 'It was longer than the link takes',
  PROTO_MEM: 'All sockets of its protocol together had used up their memory',
  QDISC_DROP: 'The queue in front of an interface was full, or dropped it on purpose',
  SKB_CSUM: 'Its checksum was wrong',
  SOCKET_BACKLOG: 'Its socket was busy, and the backlog behind it full',
  SOCKET_FILTER: 'A filter of the socket did not want it',
  SOCKET_RCVBUFF: 'The receive buffer of its socket was full: the program reads too slowly',
  TCP_CLOSE: 'Its connection is closed',
  TCP_CSUM: 'Its TCP checksum was wrong',
  TCP_FLAGS: 'Its TCP flags make no sense in the state of the connection',
  TCP_INVALID_SEQUENCE: 'Its sequence number lies outside of the window',
  TCP_OFOMERGE: 'All its bytes had come already',
  TCP_OLD_DATA: 'All its bytes had come already',
  TCP_OVERWINDOW: 'It lies beyond the window that the receiver had offered',
  TCP_RESET: 'It reset a connection',
  TCP_ZEROWINDOW: 'The receiver had closed its window',
  TC_EGRESS: 'A traffic-control rule drops it on the way out',
  TC_INGRESS: 'A traffic-control rule drops it on the way in',
  UDP_CSUM: 'Its UDP checksum was wrong',
  UNHANDLED_PROTO: 'Nothing in this kernel wants its protocol',
  XDP: 'An XDP program drops it',
};

/** Counters of protocols by nstat's names; what UDP counts over IPv6 is called Udp6… */
const COUNTERS: Readonly<Record<string, string>> = {
  SoftnetDropped: 'The queue of packets that a CPU has yet to look at was full',
  TcpExtListenDrops: 'A request for a connection was dropped for any reason, a full queue included',
  TcpExtListenOverflows: 'The queue of a listening socket was full: the program accepts too slowly',
  TcpExtPruneCalled: 'A receive buffer was so full that TCP threw away what it could',
  TcpExtRcvPruned: 'Segments thrown away because a receive buffer was full',
  TcpExtTCPBacklogDrop: 'The socket was busy, and the backlog behind it full',
  TcpExtTCPReqQFullDrop: 'Too many half-open connections: a flood of SYNs, or answers that get lost',
  TcpExtTCPRcvQDrop: 'There was no memory for the receive queue of a connection',
  TcpExtTCPZeroWindowDrop: 'The receiver had closed its window',
  UdpInCsumErrors: 'The UDP checksum was wrong',
  UdpMemErrors: 'All UDP sockets together had used up their memory',
  UdpNoPorts: 'Nobody listens at the port',
  UdpRcvbufErrors: 'The receive buffer of a socket was full: the program reads too slowly',
  UdpSndbufErrors: 'The send buffer of a socket was full: the program sends faster than the link takes',
};

/** Of interfaces: "eth0 rx_dropped". */
const LINK_COUNTERS: Readonly<Record<string, string>> = {
  queue: 'The queue in front of the interface was full, or dropped them on purpose',
  rx_crc_errors: 'Frames came with a wrong checksum: cable, connector or radio',
  rx_dropped: 'Packets came that nobody wanted, or there was no memory for',
  rx_fifo_errors: 'The buffer of the device overflowed',
  rx_frame_errors: 'Frames were not aligned: cable, connector or duplex',
  rx_length_errors: 'Frames had a wrong length',
  rx_missed_errors: 'The device had no room for them: the driver fetches too slowly',
  rx_nohandler: 'They came by an interface that is switched off within its bond or team',
  rx_over_errors: 'The ring of the device overflowed',
  tx_dropped: 'The driver gave them up before they were sent',
  tx_fifo_errors: 'The buffer of the device ran empty while sending',
};

/** One sentence without a full stop; '' where nothing is known. */
export function dropCauseMeaning(cause: string): string {
  const [, counter = ''] = cause.split(' ');
  return own(REASONS, cause) || own(COUNTERS, cause.replace(/^Udp6/, 'Udp')) || own(LINK_COUNTERS, counter);
}

function own(table: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] ?? '') : '';
}
