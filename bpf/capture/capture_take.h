/* From the ring to the stream: each packet as the file will hold it, or counted by why it is left out. */
#ifndef SONDE_CAPTURE_TAKE_H
#define SONDE_CAPTURE_TAKE_H
#include <linux/if_packet.h>
#include <stdint.h>
#include "capture_filter.h"
#include "own_connection.h"

/* Holds one second's worth: a burst goes through, a stream does not. */
struct bucket {
	uint64_t rate; /* a second; 0 = no limit */
	uint64_t left; /* may still go out now */
	uint64_t filled_ns;
};

struct taker {
	enum link_type link;
	struct own_connection own; /* family 0: nothing is left out */
	int wants_owners;
	struct bucket bytes, packets;
	uint64_t kept, left_out, over_rate;
};

/* Only where capture_out_has_room(). */
void capture_take(struct taker *taker, const struct tpacket3_hdr *packet, uint64_t now);
#endif
