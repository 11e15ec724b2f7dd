/* The SSH connection that we were started through, by SSH_CONNECTION of this process or the nearest ancestor that has
 * it: sudo and doas take it out of what they start. */
#ifndef SONDE_OWN_CONNECTION_H
#define SONDE_OWN_CONNECTION_H
#include <stdint.h>

struct own_connection {
	uint8_t family; /* 4 or 6; 0 = not found */
	uint8_t pad;
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint8_t local[16]; /* IPv4 in the first 4 bytes */
	uint8_t remote[16];
};

#define MAX_OWN_CONNECTIONS 16

/* `family` is 0 where there is none. */
struct own_connection own_connection_find(void);
/* Those of every process that runs this program now, each once: after the link was cut, a session goes on by another.
 * Gives how many there are. */
int own_connections_find(struct own_connection list[MAX_OWN_CONNECTIONS]);
#endif
