#ifndef SONDE_BATCH_H
#define SONDE_BATCH_H
#include "message.h"
#include "map_walk.h"
#include "table_set.h"

/* Sends a frozen side as one batch. 0, or -1 when the keeper is gone or the kernel refused. */
int batch_send(struct message *message, const struct table_set *set, uint32_t side, uint64_t from_ns, uint64_t to_ns);
#endif
