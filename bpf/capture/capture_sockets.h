/* The sockets of this device as they were when we last looked, to be found by what a packet shows of them. */
#ifndef SONDE_CAPTURE_SOCKETS_H
#define SONDE_CAPTURE_SOCKETS_H
#include <stdint.h>
#include "capture_wire.h"

struct socket_end {
	uint8_t local[16];
	uint8_t remote[16];
	uint16_t local_port;
	uint16_t remote_port;
	uint8_t family;
	uint8_t protocol;
};

struct socket_owner {
	const struct capture_process *process; /* NULL: not found. Lives until the next look */
	int is_exact; /* it has this very connection; else it only listens at that port */
};

/* Walks over all processes: tens of milliseconds on a busy box. */
void capture_sockets_look(void);
/* `is_any_address`: a group's, which every socket at that port may have joined. */
struct socket_owner capture_sockets_find(const struct socket_end *end, int is_any_address);
/* An address of this device, by the last look. */
int capture_sockets_is_local(uint8_t family, const uint8_t address[16]);
#endif
