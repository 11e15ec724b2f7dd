/* From the ring to the stream: each packet as the file will hold it, or counted by why it is left out. */
#ifndef SONDE_CAPTURE_TAKE_H
#define SONDE_CAPTURE_TAKE_H
#include <linux/if_packet.h>
#include <stdint.h>
#include "capture_filter.h"
#include "own_connection.h"

struct taker {
	enum link_type link;
	struct own_connection own; /* family 0: nothing is left out */
	int wants_owners;
	uint64_t rate_bytes; /* a second; 0 = no limit */
	uint64_t allowance; /* bytes that may still go out now */
	uint64_t allowance_ns; /* when it was last filled up */
	uint64_t kept, left_out, over_rate;
};

/* Only where capture_out_has_room(). */
void capture_take(struct taker *taker, const struct tpacket3_hdr *packet, uint64_t now);
#endif
