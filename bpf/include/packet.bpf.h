/* What the headers of a packet at a socket say: programs of kind cgroup_skb see it from the IP header on, whole. */
#ifndef SONDE_PACKET_BPF_H
#define SONDE_PACKET_BPF_H
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include "program.bpf.h"

#define MAX_EXTENSIONS 6 /* headers between IPv6 and what it carries; more are nobody's */
#define FRAGMENT_OFFSET 0x1fff
#define EXTENSION_HOPS 0
#define EXTENSION_ROUTING 43
#define EXTENSION_FRAGMENT 44
#define EXTENSION_AUTHENTICATION 51
#define EXTENSION_DESTINATION 60
#define ECHO_REQUEST 8
#define ECHO_REPLY 0
#define ECHO6_REQUEST 128
#define ECHO6_REPLY 129

enum packet_flags {
	PACKET_FIN = 1,
	PACKET_SYN = 2,
	PACKET_RST = 4,
	PACKET_ACK = 16,
};

struct packet {
	u8 local[16]; /* IPv4: in the first 4 bytes, the others 0 */
	u8 remote[16];
	u32 payload; /* bytes behind the last header that was understood */
	u32 segments; /* that were joined to this packet */
	u32 sequence; /* TCP, host order; likewise below */
	u32 acknowledged;
	u16 window;
	u16 local_port;
	u16 remote_port;
	u8 flags; /* enum packet_flags */
	u8 protocol;
	u8 family; /* 4, 6; 0: no IP packet, or cut short */
	u8 pad[3];
};

static __always_inline void put_ports(struct packet *packet, u16 source, u16 destination, int is_out)
{
	packet->local_port = bpf_ntohs(is_out ? source : destination);
	packet->remote_port = bpf_ntohs(is_out ? destination : source);
}

/* The transport header lies in the part of a packet that programs may look at: the kernel has looked at it before, or
 * has just written it. -1: it is cut short. */
static __always_inline int read_transport(struct packet *packet, const void *header, const void *end, int is_out)
{
	const struct tcphdr *tcp = header;
	const struct udphdr *udp = header;
	const u8 *icmp = header;
	u32 bytes = 0;

	if (packet->protocol == IPPROTO_TCP) {
		if ((const void *)(tcp + 1) > end)
			return -1;
		bytes = tcp->doff * 4;
		packet->sequence = bpf_ntohl(tcp->seq);
		packet->acknowledged = bpf_ntohl(tcp->ack_seq);
		packet->window = bpf_ntohs(tcp->window);
		packet->flags = ((const u8 *)header)[13];
		put_ports(packet, tcp->source, tcp->dest, is_out);
	} else if (packet->protocol == IPPROTO_UDP) {
		if ((const void *)(udp + 1) > end)
			return -1;
		bytes = sizeof(*udp);
		put_ports(packet, udp->source, udp->dest, is_out);
	} else if (packet->protocol == IPPROTO_ICMP || packet->protocol == IPPROTO_ICMPV6) {
		if ((const void *)(icmp + 8) > end)
			return 0;
		if (packet->protocol == IPPROTO_ICMP ? icmp[0] == ECHO_REQUEST || icmp[0] == ECHO_REPLY :
						       icmp[0] == ECHO6_REQUEST || icmp[0] == ECHO6_REPLY)
			packet->local_port = icmp[4] << 8 | icmp[5];
	}
	if (bytes > packet->payload)
		return -1;
	packet->payload -= bytes;
	return 0;
}

/* Rare. How many bytes the headers between take; -1: what it carries cannot be told. */
static __noinline int skip_extensions(struct __sk_buff *skb, struct packet *packet)
{
	u32 at = sizeof(struct ipv6hdr);

	for (int i = 0; i < MAX_EXTENSIONS; i++) {
		u8 head[4];

		if (packet->protocol != EXTENSION_HOPS && packet->protocol != EXTENSION_ROUTING &&
		    packet->protocol != EXTENSION_FRAGMENT && packet->protocol != EXTENSION_AUTHENTICATION &&
		    packet->protocol != EXTENSION_DESTINATION)
			return at - sizeof(struct ipv6hdr);
		if (bpf_skb_load_bytes(skb, at, head, sizeof(head)) < 0)
			return -1;
		if (packet->protocol == EXTENSION_FRAGMENT)
			at += 8;
		else if (packet->protocol == EXTENSION_AUTHENTICATION)
			at += (head[1] + 2) * 4;
		else
			at += (head[1] + 1) * 8;
		packet->protocol = head[0];
	}
	return -1;
}

static __always_inline int read_ip4(struct __sk_buff *skb, struct packet *packet, int is_out)
{
	const void *data = (const void *)(long)skb->data, *end = (const void *)(long)skb->data_end;
	const struct iphdr *ip = data;
	u32 bytes;

	if ((const void *)(ip + 1) > end || ip->version != 4 || ip->ihl < 5)
		return -1;
	bytes = ip->ihl * 4;
	if (bytes > skb->len)
		return -1;
	packet->payload = skb->len - bytes;
	packet->protocol = ip->protocol;
	*(u32 *)packet->local = is_out ? ip->saddr : ip->daddr;
	*(u32 *)packet->remote = is_out ? ip->daddr : ip->saddr;
	/* A later fragment, which a raw socket may see, has no header of its own. */
	return ip->frag_off & bpf_htons(FRAGMENT_OFFSET) ? -1 : read_transport(packet, data + bytes, end, is_out);
}

static __always_inline int read_ip6(struct __sk_buff *skb, struct packet *packet, int is_out)
{
	const void *data = (const void *)(long)skb->data, *end = (const void *)(long)skb->data_end;
	const struct ipv6hdr *ip = data;
	int extensions = 0;

	if ((const void *)(ip + 1) > end || ip->version != 6)
		return -1;
	packet->payload = skb->len - sizeof(*ip);
	packet->protocol = ip->nexthdr;
	__builtin_memcpy(packet->local, is_out ? &ip->saddr : &ip->daddr, sizeof(packet->local));
	__builtin_memcpy(packet->remote, is_out ? &ip->daddr : &ip->saddr, sizeof(packet->remote));
	if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP && packet->protocol != IPPROTO_ICMPV6)
		extensions = skip_extensions(skb, packet);
	if (extensions < 0 || extensions > 2048 || (u32)extensions > packet->payload)
		return -1;
	packet->payload -= extensions;
	/* The call has made the verifier forget them. */
	data = (const void *)(long)skb->data;
	end = (const void *)(long)skb->data_end;
	return read_transport(packet, data + sizeof(*ip) + extensions, end, is_out);
}

/* Fills a packet that is all 0. Where its headers cannot be understood its family is 0, its protocol as far as was seen. */
static __always_inline void read_packet(struct __sk_buff *skb, struct packet *packet, int is_out)
{
	packet->segments = skb->gso_segs ? skb->gso_segs : 1;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		packet->family = read_ip4(skb, packet, is_out) < 0 ? 0 : 4;
	else if (skb->protocol == bpf_htons(ETH_P_IPV6))
		packet->family = read_ip6(skb, packet, is_out) < 0 ? 0 : 6;
}
#endif
