/* Who has a socket, and what is to be told of a flow that the programs do not know: written into their table of owners,
 * so that both sides tell the same. */
#ifndef SONDE_FLOW_OWNERS_H
#define SONDE_FLOW_OWNERS_H
#include "flow-tables.h"
#include "known-sockets.h"
#include "own_connection.h"
#include "quiet-flows.h"

/* At all sockets, for one batch. */
struct look {
	const struct quiet_flows *quiet;
	struct known_sockets sockets;
	struct own_connection own[MAX_OWN_CONNECTIONS]; /* as they are now */
	int own_count;
	struct flow_tables tables;      /* from before the sockets were listed */
	struct cookie_index processes;  /* by id: 1: it is gone */
	struct cookie_index namespaces; /* by the kernel's cookie: its inode is told */
	struct vain_search *vain;       /* NULL: all are looked for */
	uint64_t begun_ns;
	uint64_t to_ns; /* of the batch */
	int is_first;
};

/* Before the first packet is seen: so that flows of sockets which are there already are known as such. */
void flow_owners_begin(const struct quiet_flows *quiet);
/* WIRE_FLOW_…: who listens is called. */
uint8_t flow_direction(const struct look *look, const struct known_socket *socket);
/* Lists all sockets, with those who have them where the tables do not tell. -1 where the kernel cannot. */
int look_begin(struct look *look);
void look_end(struct look *look);
/* Whether there is nothing to write or to tell of a socket. Answered without the kernel, for nearly all of them. */
int flow_owner_is_settled(struct look *look, const struct known_socket *socket);
/* Reads the owner of a socket, and writes what is new. 1: there is something to tell. */
int flow_owner_note(struct look *look, const struct known_socket *socket, struct owner *owner);
#endif
