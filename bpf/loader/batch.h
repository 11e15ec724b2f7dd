#ifndef SONDE_BATCH_H
#define SONDE_BATCH_H
#include "message.h"

struct run;
struct sent_keys;

/* Sends a frozen side as one batch. 0, or -1 when the keeper is gone or the kernel refused. */
int batch_send(struct message *message, const struct run *run, uint32_t side, uint64_t from_ns, uint64_t to_ns,
	       struct sent_keys *sent);
#endif
