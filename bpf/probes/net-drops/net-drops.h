/* Types shared by the kernel side (net-drops.bpf.c) and the loader (net-drops.c, drop-counters.c). */
#ifndef SONDE_NET_DROPS_H
#define SONDE_NET_DROPS_H
#include "types.h"

/* What counted a packet. The same as in remote-agent/protocol/network/drop-place.ts. */
enum drop_place {
	DROP_PLACE_KERNEL = 1,
	DROP_PLACE_INTERFACE = 2,
	DROP_PLACE_PROTOCOL = 3,
};

/* Numbers of reasons: the kernel's own up to 255, then its subsystems', each as one, then what has no reason. */
#define DROP_REASONS 256
#define DROP_SUBSYSTEM_SHIFT 16 /* above it, in the kernel's numbers, since Linux 6.4 */
#define DROP_SUBSYSTEMS 16
#define DROP_UNTOLD (DROP_REASONS + DROP_SUBSYSTEMS)
#define DROP_NAMES 512 /* a power of two, for the verifier */

#define DROP_CAUSE_BYTES 48

/* Read-only for the programs: what a reason is called on this kernel. */
struct drop_name {
	char text[DROP_CAUSE_BYTES - 1];
	u8 is_no_drop; /* the packet had reached its goal */
};

struct net_drops_key {
	u32 place;   /* enum drop_place */
	u32 subject; /* the CPU that dropped them, which is alone in adding to a row; of an interface's counter its index */
	u32 number;  /* of the reason or the counter */
	u32 pad;
};
struct net_drops_value {
	u64 packets;
	char cause[DROP_CAUSE_BYTES];
};
struct net_drops_row {
	struct net_drops_key key;
	struct net_drops_value value;
};
_Static_assert(sizeof(struct drop_name) == DROP_CAUSE_BYTES, "drop_name");
_Static_assert(sizeof(struct net_drops_key) == 16, "net_drops_key");
_Static_assert(sizeof(struct net_drops_row) == 72, "net_drops_row");
#endif
