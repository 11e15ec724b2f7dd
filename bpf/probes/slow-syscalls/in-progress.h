/* Calls that have not returned, as far as they are in the slots that programs keep beginnings in. */
#ifndef SONDE_IN_PROGRESS_H
#define SONDE_IN_PROGRESS_H
#include <stdint.h>
#include "slow-syscalls.h"

struct message;
struct run;

/* A probe's run->own. */
struct in_progress {
	struct slow_syscalls_config config;
	uint8_t facts[FACT_TABLES * FACT_NUMBERS];
	int slots_fd;
	const struct slot *slots; /* memory shared with the programs; NULL: they are looked up one by one */
};

/* Adds a row for each call that fits the conditions and was in progress at `to_ns`; at most config.per_second, those
 * that began first. -1 when the keeper is gone. */
int in_progress_add(const struct in_progress *calls, uint64_t to_ns, struct message *message);
#endif
