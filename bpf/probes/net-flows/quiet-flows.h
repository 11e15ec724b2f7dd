/* Flows that no packet tells of: sockets that listen, connections that are older than the probe and idle, and those that
 * ended without a word. */
#ifndef SONDE_QUIET_FLOWS_H
#define SONDE_QUIET_FLOWS_H
#include <stdint.h>
#include "cookie-index.h"
#include "net-flows.h"
#include "own_connection.h"

struct look;
struct message;
struct owner;
struct polled_flows;
struct socket_seen;
struct wire_counters;

/* Told by us alone: the programs have seen no packet of them. */
struct told_flows {
	struct wire_flow *list;
	uint32_t count, room;
};

/* Told as closed by a row of the programs, which have no use for it soon after. */
struct closed_flow {
	struct flow_key key;
	uint64_t closed_ns;
	int has_failed; /* its socket may be used again */
};

struct closed_flows {
	struct closed_flow *list;
	uint32_t count, room;
};

/* Sockets that no process was found to have: those of the kernel itself, for one. All descriptors of the box are not walked
 * over for them at every look. */
struct vain_search {
	struct cookie_index tries; /* how many, by cookie */
	uint32_t looks;            /* since it was begun */
};

/* A probe's run->own: the descriptors are the keeper's, what follows them is each worker's. */
struct quiet_flows {
	struct net_flows_config config;
	int flows_fd;
	int owners_fd;
	int namespaces_fd;
	int looks_fd;
	int callers_fd;
	int failures_fd;
	int endings_fd; /* 0: there is no such table */
	struct told_flows told; /* at the last look */
	struct closed_flows closed;
	struct vain_search vain;
	uint64_t looked_ns;     /* 0: never; likewise below */
	uint32_t socket_count;  /* at the last look */
	uint64_t looks_wanted;  /* by the programs, until the last look */
	uint64_t callers;       /* as the programs counted them */
	uint64_t called_ns;     /* when the last one came; 0: nobody did */
	struct own_connection own[MAX_OWN_CONNECTIONS]; /* that were found since */
	int own_count;
	struct polled_flows *polled; /* NULL: the programs see packets */
};

/* Adds the rows of quiet flows to the batch that ends at `to_ns`. -1 when the keeper is gone. */
int quiet_flows_add(struct quiet_flows *quiet, uint64_t to_ns, struct message *message);
/* A socket as a flow. */
struct wire_flow quiet_flow_of(const struct quiet_flows *quiet, const struct socket_seen *seen, const struct owner *owner);
/* A connection that is over and whose socket nobody saw. */
struct wire_flow quiet_flow_of_ending(const struct quiet_flows *quiet, const struct ending *ending);
/* Whether a row is of those that were asked for. */
int quiet_flows_wants(const struct net_flows_config *config, const struct net_flows_value *value);
/* Sends one row, if it is of those that were asked for. */
int quiet_flows_send(const struct quiet_flows *quiet, const struct net_flows_value *value, struct message *message);
#endif
