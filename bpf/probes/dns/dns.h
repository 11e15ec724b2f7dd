/* Types shared by the kernel side (dns.bpf.c) and the loader (dns.c). */
#ifndef SONDE_DNS_H
#define SONDE_DNS_H
#include "types.h"
#include "wire.h"

#define DNS_HEADER_BYTES 12 /* what is shorter is no message */
#define DNS_KEPT_BYTES 512  /* the same as in remote-agent/protocol/network/dns */

/* Read-only for the programs: the verifier knows the values and removes what they switch off. */
struct dns_config {
	u64 only_cgroup; /* 0 = all; likewise below */
	u32 only_tgid;
	u32 per_second;
};

/* Of a socket: the process that made it. */
struct owner {
	u64 netns; /* as in struct wire_flow */
	u32 tgid;
	u32 pad;
	char comm[WIRE_COMM_LEN];
};

/* A CPU handles one message at a time. */
struct dns_key {
	u64 at_ns; /* CLOCK_MONOTONIC */
	u64 cookie;
	u32 cpu;
	u32 incoming; /* 1 = it came in, 0 = it goes out */
};
struct dns_value {
	struct wire_flow flow;
	u64 cgroup; /* id of the cgroup2 directory = its inode number; 0 unknown */
	u64 size;   /* of the message; all of it is in `message` unless that is shorter */
	u32 tgid;   /* 0: nobody known; likewise tid */
	u32 tid;
	char comm[WIRE_COMM_LEN];
	u32 messages; /* 1 */
	u32 pad;
	u8 message[DNS_KEPT_BYTES];
};
struct dns_row {
	struct dns_key key;
	struct dns_value value;
};
_Static_assert(sizeof(struct dns_config) == 16, "dns_config");
_Static_assert(sizeof(struct owner) == 32, "owner");
_Static_assert(sizeof(struct dns_key) == 24, "dns_key");
_Static_assert(sizeof(struct dns_row) == 648, "dns_row");
#endif
