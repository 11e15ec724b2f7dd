/* Which processes have descriptors of which sockets, by the links in /proc/PID/fd. */
#ifndef SONDE_SOCKET_HOLDS_H
#define SONDE_SOCKET_HOLDS_H
#include <stdint.h>
#include "socket_owners.h"

#define MAX_NAMESPACES 64

struct holder {
	uint32_t tgid;
	char comm[SOCKET_COMM_LEN];
};

struct hold {
	uint32_t inode;
	uint32_t holder; /* index */
};

struct socket_holds {
	struct holder *holders;
	struct hold *holds; /* by inode */
	uint32_t holder_count, holder_room, hold_count, hold_room;
	int namespace_count;
	struct {
		uint64_t inode;
		int tgid; /* one that lives in it */
	} namespaces[MAX_NAMESPACES]; /* of the network */
};

/* Walks over all processes. Without descriptors only namespaces are known. */
void socket_holds_look(struct socket_holds *look, int with_descriptors);
void socket_holds_free(struct socket_holds *look);
/* Of several, a listening socket is that of who opened it, a connection that of the child it was left to. NULL: nobody. */
const struct holder *socket_holds_owner(const struct socket_holds *look, uint32_t inode, int is_connection);
#endif
