/* Messages from a worker to the keeper: one packet of a SOCK_SEQPACKET pair is one message. A packet arrives whole or
 * not at all, so a worker that is killed while it sends cannot cut a message in two on stdout. */
#ifndef SONDE_MESSAGE_H
#define SONDE_MESSAGE_H
#include <stddef.h>
#include <stdint.h>
#include "wire.h"

/* Header and payload. Far below the smallest send buffer of a kernel (some 200 KB), and eight of the largest stacks. */
#define MESSAGE_MAX_BYTES (32 << 10)

struct message {
	int fd;
	uint64_t batch;
	size_t used; /* bytes of payload */
	struct wire_header header; /* stays in front of the payload */
	uint8_t payload[MESSAGE_MAX_BYTES - sizeof(struct wire_header)];
};

/* 0, or -1 when the keeper is gone. */
int message_send(struct message *message, enum wire_type type, const void *payload, size_t size);

/* Gathers whole items; what does not fit any more is sent first. An item is at most as long as the payload. */
int message_add(struct message *message, enum wire_type type, const void *head, size_t head_size, const void *tail,
		size_t tail_size);
/* Sends what was gathered, if anything. */
int message_flush(struct message *message, enum wire_type type);
#endif
