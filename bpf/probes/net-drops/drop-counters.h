/* Counters of dropped packets that the kernel keeps by itself, as differences from batch to batch. */
#ifndef SONDE_DROP_COUNTERS_H
#define SONDE_DROP_COUNTERS_H
#include <stdint.h>
#include "net-drops.h"

struct message;

/* Those that are not 0; a box with so many has hundreds of troubled interfaces. More are not looked at. */
#define MAX_DROP_COUNTERS 2048

struct counter_list {
	uint64_t batch; /* that it was read for; of no batch while it is being read */
	uint32_t count;
	uint32_t pad;
	struct net_drops_row at[MAX_DROP_COUNTERS]; /* packets since the box or the interface began */
};

/* Shared by the keeper and all its workers: batch n is the difference between n and n - 1, also when a worker that was
 * killed had read n already. */
struct drop_counters {
	struct counter_list lists[2]; /* of batch n at n & 1 */
};

/* What the first batch is counted from. */
void drop_counters_begin(struct drop_counters *counters);
/* Adds a row for each counter that rose. -1 when the keeper is gone. */
int drop_counters_add(struct drop_counters *counters, struct message *message);

/* For those who read counters: adds one, unless it is 0. */
void counter_list_add(struct counter_list *list, struct net_drops_key key, uint64_t packets, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
#endif
