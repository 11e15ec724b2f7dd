/* All sockets of the box at one moment, as far as flows are told from them. */
#ifndef SONDE_KNOWN_SOCKETS_H
#define SONDE_KNOWN_SOCKETS_H
#include <stdint.h>
#include "cookie-index.h"
#include "socket_owners.h"

/* Of TCP, since the socket was made; 0 where the kernel does not tell. */
struct socket_figures {
	uint64_t sent; /* payload, each byte once; likewise received */
	uint64_t received;
	uint32_t packets_sent;
	uint32_t packets_received;
	uint32_t retransmits;
	uint32_t out_of_order;
	uint32_t rtt_us;
	uint32_t rtt_min_us;
	uint32_t rtt_deviation_us;
	uint32_t pad;
};

struct known_socket {
	struct socket_seen seen; /* without tcp_info */
	struct socket_figures figures;
	uint8_t is_listening;
};

struct known_sockets {
	struct known_socket *list;
	uint32_t count, room;
	struct cookie_index index; /* place in the list */
};

/* Nobody has them yet: see known_sockets_own. -1 where the kernel cannot tell; the list is then empty. */
int known_sockets_look(struct known_sockets *sockets, int with_figures);
/* Finds who has those for which `lacks` is not 0: a walk over all processes, if there are any. */
void known_sockets_own(struct known_sockets *sockets, int (*lacks)(void *context, const struct known_socket *socket), void *context);
/* By cookie; they can then not be found by it any more. */
void known_sockets_sort(struct known_sockets *sockets);
const struct known_socket *known_sockets_find(const struct known_sockets *sockets, uint64_t cookie);
/* Whether some socket listens at this port in this namespace. */
int known_sockets_listen(const struct known_sockets *sockets, uint64_t netns, uint16_t port);
int known_sockets_has_netns(const struct known_sockets *sockets, uint64_t netns);
void known_sockets_free(struct known_sockets *sockets);
#endif
