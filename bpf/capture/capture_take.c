#include "capture_take.h"
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <string.h>
#include "capture_interfaces.h"
#include "capture_out.h"
#include "capture_owners.h"
#include "capture_packet.h"
#include "clock.h"

#define MAC_ADDRESSES_BYTES 12
#define TAG_BYTES 4

/* LINKTYPE_LINUX_SLL2, in front of packets without an Ethernet header. Big endian. */
struct sll2 {
	uint16_t protocol;
	uint16_t reserved;
	uint32_t index;
	uint16_t hardware;
	uint8_t type;
	uint8_t address_length;
	uint8_t address[8];
};
_Static_assert(sizeof(struct sll2) == 20, "sll2");

/* What stands in front of the packet's own bytes once it is whole again. */
struct front {
	uint8_t bytes[sizeof(struct sll2) + TAG_BYTES];
	uint32_t size;
	uint32_t replaced; /* so many of the packet's own bytes are in it already */
};

static const struct sockaddr_ll *link_of(const struct tpacket3_hdr *packet)
{
	return (const struct sockaddr_ll *)((const uint8_t *)packet + TPACKET_ALIGN(sizeof(*packet)));
}

static uint16_t tag_protocol(const struct tpacket3_hdr *packet)
{
	return packet->tp_status & TP_STATUS_VLAN_TPID_VALID ? packet->hv1.tp_vlan_tpid : ETH_P_8021Q;
}

static void put_two(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The kernel takes the tag of a VLAN out and hands it over beside the packet: here it goes back. */
static void put_cooked(struct front *front, const struct tpacket3_hdr *packet)
{
	const struct sockaddr_ll *link = link_of(packet);
	int is_tagged = (packet->tp_status & TP_STATUS_VLAN_VALID) != 0;
	struct sll2 header = {
		.protocol = is_tagged ? htons(tag_protocol(packet)) : link->sll_protocol,
		.index = htonl((uint32_t)link->sll_ifindex),
		.hardware = htons(link->sll_hatype),
		.type = link->sll_pkttype,
		.address_length = link->sll_halen,
	};

	memcpy(header.address, link->sll_addr, sizeof(header.address));
	memcpy(front->bytes, &header, sizeof(header));
	front->size = sizeof(header);
	if (!is_tagged)
		return;
	put_two(front->bytes + front->size, (uint16_t)packet->hv1.tp_vlan_tci);
	memcpy(front->bytes + front->size + 2, &link->sll_protocol, 2);
	front->size += TAG_BYTES;
}

static void put_tag(struct front *front, const struct tpacket3_hdr *packet)
{
	if (!(packet->tp_status & TP_STATUS_VLAN_VALID) || packet->tp_snaplen < MAC_ADDRESSES_BYTES)
		return;
	memcpy(front->bytes, (const uint8_t *)packet + packet->tp_mac, MAC_ADDRESSES_BYTES);
	put_two(front->bytes + MAC_ADDRESSES_BYTES, tag_protocol(packet));
	put_two(front->bytes + MAC_ADDRESSES_BYTES + 2, (uint16_t)packet->hv1.tp_vlan_tci);
	front->size = MAC_ADDRESSES_BYTES + TAG_BYTES;
	front->replaced = MAC_ADDRESSES_BYTES;
}

static int ends_of(struct packet_ends *ends, const struct tpacket3_hdr *packet)
{
	uint32_t header = packet->tp_net > packet->tp_mac ? packet->tp_net - packet->tp_mac : 0;

	if (header > packet->tp_snaplen)
		return -1;
	return packet_ends_read(ends, ntohs(link_of(packet)->sll_protocol), (const uint8_t *)packet + packet->tp_net,
				packet->tp_snaplen - header);
}

static int is_between(const struct packet_ends *ends, const uint8_t *source, uint16_t source_port, const uint8_t *target,
		      uint16_t target_port)
{
	return ends->source_port == source_port && ends->target_port == target_port && !memcmp(ends->source, source, 16) &&
	       !memcmp(ends->target, target, 16);
}

static int is_own(const struct own_connection *own, const struct packet_ends *ends)
{
	return own->family == ends->family && ends->protocol == IPPROTO_TCP &&
	       (is_between(ends, own->local, own->local_port, own->remote, own->remote_port) ||
		is_between(ends, own->remote, own->remote_port, own->local, own->local_port));
}

static int holds(struct bucket *bucket, uint64_t amount, uint64_t now)
{
	uint64_t passed = now - bucket->filled_ns, gained;

	if (bucket->rate == 0)
		return 1;
	gained = passed >= NS_PER_S ? bucket->rate : bucket->rate * passed / NS_PER_S;
	/* Of a slow rate not even one comes in between two packets: the time then goes on to count. */
	if (gained > 0)
		bucket->filled_ns = now;
	bucket->left = bucket->left + gained > bucket->rate ? bucket->rate : bucket->left + gained;
	return bucket->left >= amount;
}

static void take(struct bucket *bucket, uint64_t amount)
{
	if (bucket->rate)
		bucket->left -= amount;
}

static int is_allowed(struct taker *taker, uint32_t bytes, uint64_t now)
{
	/* Both are filled, whatever the first says. */
	int has_bytes = holds(&taker->bytes, bytes, now), has_packets = holds(&taker->packets, 1, now);

	if (!has_bytes || !has_packets)
		return 0;
	take(&taker->bytes, bytes);
	take(&taker->packets, 1);
	return 1;
}

static void name_owners(struct capture_packet *told, const struct packet_ends *ends, uint64_t now)
{
	int is_group = told->type == PACKET_BROADCAST || told->type == PACKET_MULTICAST;
	struct packet_owners owners = capture_owners_find(ends, is_group, now);

	if (owners.sender)
		capture_out_process(owners.sender);
	if (owners.receiver)
		capture_out_process(owners.receiver);
	told->sender = owners.sender ? owners.sender->tgid : 0;
	told->receiver = owners.receiver ? owners.receiver->tgid : 0;
}

static void put(struct taker *taker, const struct tpacket3_hdr *packet, const struct packet_ends *ends, uint64_t now)
{
	const struct sockaddr_ll *link = link_of(packet);
	struct front front = { .size = 0 };
	struct capture_packet told = {
		.realtime_ns = packet->tp_sec * NS_PER_S + packet->tp_nsec,
		.interface = capture_interfaces_id(link->sll_ifindex, taker->link),
		.type = link->sll_pkttype,
	};
	uint8_t *at;

	if (taker->link == LINK_COOKED)
		put_cooked(&front, packet);
	else
		put_tag(&front, packet);
	told.captured = packet->tp_snaplen - front.replaced + front.size;
	told.original = packet->tp_len - front.replaced + front.size;
	if (ends)
		name_owners(&told, ends, now);
	at = capture_out_packet(&told);
	if (!at)
		return;
	memcpy(at, front.bytes, front.size);
	memcpy(at + front.size, (const uint8_t *)packet + packet->tp_mac + front.replaced, packet->tp_snaplen - front.replaced);
}

void capture_take(struct taker *taker, const struct tpacket3_hdr *packet, uint64_t now)
{
	struct packet_ends ends;
	int has_ends = ends_of(&ends, packet) == 0;

	if (has_ends && taker->own.family && is_own(&taker->own, &ends)) {
		taker->left_out++;
	} else if (!is_allowed(taker, packet->tp_snaplen, now)) {
		taker->over_rate++;
	} else {
		taker->kept++;
		put(taker, packet, has_ends && taker->wants_owners ? &ends : NULL, now);
	}
}
