/* A packet socket with its ring: packets wait in memory that the kernel and we share, and its size is all that a
 * capture takes from the device. */
#ifndef SONDE_CAPTURE_RING_H
#define SONDE_CAPTURE_RING_H
#include <linux/if_packet.h>
#include <stddef.h>
#include <stdint.h>
#include "capture_filter.h"

struct capture_ring {
	int fd;
	uint8_t *blocks;
	size_t bytes;
	uint32_t block_count;
	uint32_t turn; /* the block that comes next */
	const struct tpacket3_hdr *next; /* in the block at `turn`; NULL: not begun */
	uint32_t left; /* packets of it */
	uint64_t seen, lost; /* by the kernel's own count */
};

/* Bound and filling when it returns 0. `index` 0 = all interfaces. */
int capture_ring_open(struct capture_ring *ring, enum link_type link, int index, uint32_t ring_bytes,
		      const struct capture_filter *filter);
void capture_ring_close(struct capture_ring *ring);

/* The next packet, which stays until it is passed; NULL: none now. */
const struct tpacket3_hdr *capture_ring_peek(struct capture_ring *ring);
void capture_ring_pass(struct capture_ring *ring);
/* Asks the kernel what it has seen and lost so far. */
void capture_ring_count(struct capture_ring *ring);
#endif
