#include "capture_packet.h"
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#define TCP_FLAGS 13
#define TCP_SYN 0x02
#define TCP_ACK 0x10
#define FRAGMENT_OFFSET 0x1fff
#define IPV4_BYTES 20
#define IPV6_BYTES 40
/* Nobody sends more extension headers or tags than that but to make us work. */
#define MAX_STEPS 8

static uint16_t two_bytes(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static int read_ports(struct packet_ends *ends, uint8_t protocol, const uint8_t *bytes, size_t size)
{
	if ((protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) || size < 4)
		return -1;
	ends->protocol = protocol;
	ends->source_port = two_bytes(bytes);
	ends->target_port = two_bytes(bytes + 2);
	ends->opens = protocol == IPPROTO_TCP && size > TCP_FLAGS && (bytes[TCP_FLAGS] & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	return 0;
}

static int read_ipv4(struct packet_ends *ends, const uint8_t *bytes, size_t size)
{
	size_t header = size ? (size_t)(bytes[0] & 15) * 4 : 0;

	if (size < IPV4_BYTES || header < IPV4_BYTES || header > size || bytes[0] >> 4 != 4)
		return -1;
	if (two_bytes(bytes + 6) & FRAGMENT_OFFSET)
		return -1; /* only the first fragment has ports */
	ends->family = 4;
	memcpy(ends->source, bytes + 12, 4);
	memcpy(ends->target, bytes + 16, 4);
	return read_ports(ends, bytes[9], bytes + header, size - header);
}

static int read_ipv6(struct packet_ends *ends, const uint8_t *bytes, size_t size)
{
	uint8_t next = size >= IPV6_BYTES ? bytes[6] : IPPROTO_NONE;
	size_t at = IPV6_BYTES, length;

	if (size < IPV6_BYTES || bytes[0] >> 4 != 6)
		return -1;
	ends->family = 6;
	memcpy(ends->source, bytes + 8, 16);
	memcpy(ends->target, bytes + 24, 16);
	for (int i = 0; i < MAX_STEPS; i++) {
		if (next == IPPROTO_TCP || next == IPPROTO_UDP)
			return read_ports(ends, next, bytes + at, size - at);
		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_DSTOPTS && next != IPPROTO_FRAGMENT)
			return -1;
		if (size - at < 8 || (next == IPPROTO_FRAGMENT && two_bytes(bytes + at + 2) >> 3))
			return -1; /* cut off, or not the first fragment */
		length = next == IPPROTO_FRAGMENT ? 8 : (size_t)(bytes[at + 1] + 1) * 8;
		if (length > size - at)
			return -1;
		next = bytes[at];
		at += length;
	}
	return -1;
}

int packet_ends_read(struct packet_ends *ends, uint16_t ethertype, const uint8_t *bytes, size_t size)
{
	memset(ends, 0, sizeof(*ends));
	for (int i = 0; i < MAX_STEPS; i++) {
		if (ethertype == ETH_P_IP)
			return read_ipv4(ends, bytes, size);
		if (ethertype == ETH_P_IPV6)
			return read_ipv6(ends, bytes, size);
		if ((ethertype != ETH_P_8021Q && ethertype != ETH_P_8021AD) || size < 4)
			return -1;
		ethertype = two_bytes(bytes + 2);
		bytes += 4;
		size -= 4;
	}
	return -1;
}
