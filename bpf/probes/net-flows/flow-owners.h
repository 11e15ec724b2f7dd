/* Who has a socket, and what is to be told of a flow that the programs do not know: written into their table of owners,
 * so that both sides tell the same. */
#ifndef SONDE_FLOW_OWNERS_H
#define SONDE_FLOW_OWNERS_H
#include "known-sockets.h"
#include "quiet-flows.h"

/* At all sockets, for one batch. */
struct look {
	const struct quiet_flows *quiet;
	struct known_sockets sockets;
	uint64_t begun_ns;
	uint64_t to_ns; /* of the batch */
	int is_first;
};

/* Before the first packet is seen: so that flows of sockets which are there already are known as such. */
void flow_owners_begin(const struct quiet_flows *quiet);
/* WIRE_FLOW_…: who listens is called. */
uint8_t flow_direction(const struct look *look, const struct known_socket *socket);
/* Reads the owner of a socket, and writes what is new. 1: there is something to tell. */
int flow_owner_note(const struct look *look, const struct known_socket *socket, struct owner *owner);
#endif
