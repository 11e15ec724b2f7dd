/* Connections that fail before a packet leaves: see failed-connects.bpf.h. */
#ifndef SONDE_FAILED_CONNECTS_H
#define SONDE_FAILED_CONNECTS_H
#include <stdint.h>
#include "net-flows.h"

struct quiet_flows;
struct run;
struct wire_counters;

/* Where this processor keeps what the programs read. */
void failed_connects_configure(struct net_flows_config *config);
/* Where the kernel does not let its functions be watched, a note says what is missing. */
void failed_connects_attach(struct run *run);
/* Adds those of a side that had no place. */
void failed_connects_count(const struct quiet_flows *quiet, uint32_t side, struct wire_counters *counters);
#endif
