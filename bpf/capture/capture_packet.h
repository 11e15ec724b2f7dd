/* Who talks to whom in a packet: the addresses and ports of TCP and UDP, as far as a packet shows them. */
#ifndef SONDE_CAPTURE_PACKET_H
#define SONDE_CAPTURE_PACKET_H
#include <stddef.h>
#include <stdint.h>

struct packet_ends {
	uint8_t source[16]; /* IPv4 in the first 4 bytes */
	uint8_t target[16];
	uint16_t source_port; /* host order */
	uint16_t target_port;
	uint8_t family;   /* 4 or 6 */
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	uint8_t opens; /* a SYN without ACK: whoever had these ports before has them no more */
	uint8_t pad;
};

/* `bytes` begin with the network layer, `ethertype` says which. 0, or -1 where it has no ports to see. */
int packet_ends_read(struct packet_ends *ends, uint16_t ethertype, const uint8_t *bytes, size_t size);
#endif
