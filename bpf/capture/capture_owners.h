/* Which processes a packet goes between, from the sockets of this device. Looked up when a connection is new; how often
 * that may cost a walk over all processes is bounded by the time it takes. */
#ifndef SONDE_CAPTURE_OWNERS_H
#define SONDE_CAPTURE_OWNERS_H
#include <stdint.h>
#include "capture_packet.h"
#include "capture_wire.h"

/* NULL = not of this device, or not known. They live until the next call. */
struct packet_owners {
	const struct capture_process *sender;
	const struct capture_process *receiver;
};

/* `is_group`: to a group or to all, which any address may be. */
struct packet_owners capture_owners_find(const struct packet_ends *ends, int is_group, uint64_t now);
#endif
