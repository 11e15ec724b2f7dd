/* Types shared by the kernel side (net-flows.bpf.c) and the loader (the .c files beside it). */
#ifndef SONDE_NET_FLOWS_H
#define SONDE_NET_FLOWS_H
#include "types.h"
#include "wire.h"

/* The kernel's numbers of TCP states, as far as the programs ask for them. */
enum tcp_state {
	STATE_NONE = 0,
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT = 2,
	STATE_SYN_RECV = 3,
	STATE_FIN_WAIT1 = 4,
	STATE_TIME_WAIT = 6,
	STATE_CLOSE = 7,
	STATE_CLOSE_WAIT = 8,
	STATE_LISTEN = 10,
};

#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_ICMP6 58

#define COMM_BYTES 16
/* Namespaces have inodes from here on; what is below is the kernel's cookie of one. */
#define FIRST_NETNS_INODE 0xf0000000u

/* Where the fields of the tracepoint inet_sock_set_state are in its record: other places where words are shorter. */
struct state_event {
	u16 socket;
	u16 before;
	u16 after;
	u16 protocol;
	u16 protocol_bytes;
	u16 family;
	u16 local_port;
	u16 remote_port;
	u16 local4;
	u16 remote4;
	u16 local6;
	u16 remote6;
};

/* Read-only for the programs: the verifier knows the values and removes what they switch off. */
struct net_flows_config {
	u64 only_cgroup; /* 0 = all; likewise below */
	u32 only_tgid;
	u16 only_port;
	u8 own_family; /* of Sonde's own connection: 4, 6; 0 = not known */
	u8 pad;
	u8 own_local[16]; /* IPv4 in the first 4 bytes */
	u8 own_remote[16];
	u16 own_local_port;
	u16 own_remote_port;
	/* In the registers of a processor when a function of the kernel is called, and when it returns. */
	u16 first_register;
	u16 second_register;
	u16 result_register;
	u16 register_bytes;
	u8 has_cgroups; /* the kernel can tell which cgroup a process is in */
	u8 pad2[3];
	struct state_event event; /* where packets cannot be seen */
};

/* A socket, and of one that talks to many whom with. */
struct flow_key {
	u64 cookie;
	u64 tuple; /* hash of addresses and ports; TUPLE_NONE where the socket says all */
};
#define TUPLE_NONE 0
#define TUPLE_LISTENING 1 /* of a UDP socket that anybody may write to: the socket itself */

/* What is known of a flow as long as it lasts. Written under the flow's guard, but for what is set once. */
struct flow_state {
	struct wire_flow flow;
	u64 cgroup;     /* of the socket */
	u64 closed_ns;  /* 0: open */
	u64 seen_ns;    /* when its latest row was made */
	u64 connect_ns; /* how long its handshake took, until a row tells it */
	u32 sent_to;     /* sequence numbers: after the last byte that was sent; likewise received */
	u32 received_to;
	u32 retransmits; /* as the socket counts them */
	u32 srtt_8;      /* smoothed round trip, eighths of a microsecond, as the socket has it */
	u32 sample_us;   /* the last single one; 0: none yet */
	u32 jitter_16;   /* sixteenths of a microsecond */
	u32 owed;        /* payload that came before there was a flow to count it */
	u8 is_stream;    /* TCP with all that belongs to it */
	u8 is_filtered;
	u8 has_sent;     /* sent_to is known; likewise has_received */
	u8 has_received;
};

/* By the kernel's address of a TCP socket, because all that is told of a change of state is that. Made when a connection
 * begins, or at the first packet of an older one. */
struct socket_note {
	u64 cookie; /* 0: no packet yet, and so no flow */
	u64 begun_ns; /* 0: before the probe */
	u64 connect_ns;  /* from the first SYN until it was established; 0: not seen, likewise below */
	u64 closing_from_ns; /* when either end began to close it */
	u64 close_wait_ns;   /* how long it stayed half closed because its process did not close it, too */
	u64 listener; /* cookie, where it came in; else 0 */
	u32 heard_to; /* where it came in: sequence numbers as in flow_state, from the packet that made it */
	u32 said_to;
	u32 payload;  /* that came with that packet, which is the listener's */
	u32 tgid;     /* who called connect or listen; 0: nobody did */
	char comm[COMM_BYTES];
	u64 cgroup;   /* likewise */
	u8 remote[16]; /* that was asked for; IPv4 in the first 4 bytes */
	u16 remote_port;
	u8 family; /* 4, 6; 0: not known */
	u8 pad[5];
};

/* A socket of our own as it was when it ended: see socket-error.h. */
#define SAMPLE_WORDS 256
struct socket_sample {
	u64 socket; /* the kernel's address of it */
	u32 tgid;   /* whose connections are looked at */
	u32 is_taken;
	u32 words[SAMPLE_WORDS];
};

/* Connects that failed before there was a packet, in one window. Rows beyond the most are left out, and counted. */
#define MAX_FAILURES 1024
struct failure_count {
	u32 rows;
	u32 left_out;
};

/* A TCP connection that is over, where no program sees packets: kept until the look after it. */
#define MAX_ENDINGS 8192
struct ending_key {
	u64 socket; /* the kernel's address of it */
	u64 closed_ns;
};
struct ending {
	u64 begun_ns; /* 0: before the probe; likewise below, not seen */
	u64 closed_ns;
	u64 connect_ns;
	u64 closing_ns;
	u64 close_wait_ns;
	u64 cgroup;
	u32 tgid;
	u32 error;
	char comm[COMM_BYTES];
	u8 local[16]; /* IPv4 in the first 4 bytes, or as ::ffff:… */
	u8 remote[16];
	u16 local_port;
	u16 remote_port;
	u8 family;    /* 4, 6 */
	u8 direction; /* enum wire_flow_direction */
	u8 pad[2];
};

/* Of a socket. */
struct owner {
	u64 netns;     /* as in wire_flow */
	u64 opened_ns; /* as in wire_flow, where is_told */
	u32 tgid;      /* 0: not known */
	u8 is_told;    /* the loader has told of the flow already, which must then be the same */
	u8 direction;  /* as in wire_flow, where is_told */
	u8 pad[2];
	char comm[COMM_BYTES];
};

/* One flow in one window: what is counted under its guard, by whatever CPU. */
struct net_flows_value {
	struct wire_flow flow;
	u64 cgroup; /* id of the cgroup2 directory = its inode number; 0 unknown */
	u32 tgid;   /* 0: nobody known; likewise tid */
	u32 tid;
	char comm[COMM_BYTES];
	u32 state;
	u32 error;
	u32 own; /* 1: found to be Sonde's later than the flow's first row, which says it of the others */
	u32 tries; /* connects that failed alike before there was a packet; 0: there was one */
	u64 sent;
	u64 received;
	u64 packets_sent;
	u64 packets_received;
	u64 retransmits;
	u64 out_of_order;
	u64 zero_windows;
	u64 resets;
	u64 rtt; /* ns; 0: not known; likewise below */
	u64 rtt_min;
	u64 jitter;
	u64 connect;
	u64 closing;
	u64 close_wait;
	u64 closed; /* CLOCK_MONOTONIC; 0: open */
};
struct net_flows_row {
	struct flow_key key;
	struct net_flows_value value;
};
_Static_assert(sizeof(struct net_flows_config) == 88, "net_flows_config");
_Static_assert(sizeof(struct flow_key) == 16, "flow_key");
_Static_assert(sizeof(struct flow_state) == 128, "flow_state");
_Static_assert(sizeof(struct socket_note) == 112, "socket_note");
_Static_assert(sizeof(struct socket_sample) == 1040, "socket_sample");
_Static_assert(sizeof(struct ending) == 112, "ending");
_Static_assert(sizeof(struct owner) == 40, "owner");
_Static_assert(sizeof(struct net_flows_row) == 248, "net_flows_row");
#endif
