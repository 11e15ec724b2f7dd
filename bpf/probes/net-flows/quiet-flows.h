/* Flows that no packet tells of: sockets that listen, connections that are older than the probe and idle, and those that
 * ended without a word. */
#ifndef SONDE_QUIET_FLOWS_H
#define SONDE_QUIET_FLOWS_H
#include <stdint.h>
#include "net-flows.h"

struct message;

/* Told by us alone: the programs have seen no packet of them. */
struct told_flows {
	struct wire_flow *list;
	uint32_t count, room;
};

/* A probe's run->own: the descriptors are the keeper's, what follows them is each worker's. */
struct quiet_flows {
	struct net_flows_config config;
	int flows_fd;
	int owners_fd;
	int namespaces_fd;
	int looks_fd;
	struct told_flows told; /* at the last look */
	uint64_t looked_ns;     /* 0: never; likewise below */
	uint64_t swept_ns;      /* for flows that have ended */
	uint64_t looks_wanted;  /* by the programs, until the last look */
};

/* Adds the rows of quiet flows to the batch that ends at `to_ns`. -1 when the keeper is gone. */
int quiet_flows_add(struct quiet_flows *quiet, uint64_t to_ns, struct message *message);
/* Sends one row, if it is of those that were asked for. */
int quiet_flows_send(const struct quiet_flows *quiet, const struct net_flows_value *value, struct message *message);
#endif
