/* Copies the DNS messages that sockets send and receive.
 *
 *      packet at a socket ──▶ UDP to or from a port of DNS? ──▶ wanted? not too many? ──▶ a row with the message
 *
 *  Needs Linux 5.7 and no BTF. Table sizes are set by the loader. Programs on packets answer 1: let it pass.
 */
#include "dns.h"
#include "program.bpf.h"

const volatile struct dns_config config = {};

#include "owners.bpf.h"
#include "packet.bpf.h"
#include "sides.bpf.h"

#define PASS 1
#define NS_PER_S 1000000000ull
#define PORT_DNS 53
#define PORT_MULTICAST_DNS 5353
#define PORT_LLMNR 5355

struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct dns_key);
	__type(value, struct dns_value);
};
struct rows rows_0 SEC(".maps"), rows_1 SEC(".maps");

/* What a row begins as. It does not fit on a program's own stack, and a table per CPU to make it in would not do: a
 * program on packets may be interrupted by itself. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct dns_value);
} blank SEC(".maps");

/* Of all CPUs. Whoever has its lock has interrupts off, so counters of its CPU are safe in there, too. */
struct second {
	struct bpf_spin_lock lock;
	u32 used;
	u64 since_ns;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct second);
} seconds SEC(".maps");

/* Most packets are something else: one look is all they cost. */
static __always_inline int is_surely_no_udp(const struct __sk_buff *skb)
{
	const void *data = (const void *)(long)skb->data, *end = (const void *)(long)skb->data_end;
	const struct iphdr *ip4 = data;
	const struct ipv6hdr *ip6 = data;

	if (skb->protocol == bpf_htons(ETH_P_IP))
		return (const void *)(ip4 + 1) > end || ip4->protocol != IPPROTO_UDP;
	return (const void *)(ip6 + 1) > end || ip6->nexthdr == IPPROTO_TCP || ip6->nexthdr == IPPROTO_ICMPV6;
}

static __always_inline int is_port(u16 port)
{
	return port == PORT_DNS || port == PORT_MULTICAST_DNS || port == PORT_LLMNR;
}

static __always_inline int is_message(const struct packet *packet)
{
	return packet->family && packet->protocol == IPPROTO_UDP && packet->payload >= DNS_HEADER_BYTES &&
	       (is_port(packet->local_port) || is_port(packet->remote_port));
}

static __always_inline int is_wanted(struct __sk_buff *skb, const struct owner *owner)
{
	if (config.only_tgid && (!owner || owner->tgid != config.only_tgid))
		return 0;
	return !config.only_cgroup || bpf_skb_cgroup_id(skb) == config.only_cgroup;
}

static __always_inline int admit(struct second *second, struct wire_counters *counters, u64 now, int wanted)
{
	int is_admitted = 0;

	bpf_spin_lock(&second->lock);
	counters->seen++;
	if ((s64)(now - second->since_ns) >= (s64)NS_PER_S) {
		second->since_ns = now;
		second->used = 0;
	}
	if (!wanted) {
		counters->filtered++;
	} else if (second->used >= config.per_second) {
		counters->lost_rate_limit++;
	} else {
		second->used++;
		is_admitted = 1;
	}
	bpf_spin_unlock(&second->lock);
	return is_admitted;
}

static __always_inline void settle(struct second *second, struct tallies *tallies, int is_kept)
{
	bpf_spin_lock(&second->lock);
	if (is_kept) {
		tallies->counters.kept++;
		tallies->rows_stored++;
	} else {
		tallies->counters.lost_map_full++;
	}
	bpf_spin_unlock(&second->lock);
}

/* Who asks has opened it. Where both ends have a port of DNS, nobody can tell. */
static __always_inline u8 direction_of(const struct packet *packet)
{
	if (!is_port(packet->local_port))
		return WIRE_FLOW_OUT;
	return is_port(packet->remote_port) ? WIRE_FLOW_UNKNOWN : WIRE_FLOW_IN;
}

static __always_inline void fill_flow(struct wire_flow *flow, const struct packet *packet, u64 cookie)
{
	flow->cookie = cookie;
	flow->family = packet->family;
	flow->protocol = packet->protocol;
	flow->direction = direction_of(packet);
	flow->local_port = packet->local_port;
	flow->remote_port = packet->remote_port;
	__builtin_memcpy(flow->local, packet->local, sizeof(flow->local));
	__builtin_memcpy(flow->remote, packet->remote, sizeof(flow->remote));
}

/* Bounded where the compiler does not see it: it knows the bounds, and would leave out what tells them to the verifier. */
static __always_inline void copy_message(struct __sk_buff *skb, struct dns_value *value, u32 payload)
{
	u64 last = (payload < DNS_KEPT_BYTES ? payload : DNS_KEPT_BYTES) - 1;

	asm volatile("%0 &= %1" : "+r"(last) : "i"(DNS_KEPT_BYTES - 1));
	bpf_skb_load_bytes(skb, skb->len - payload, value->message, last + 1);
	value->size = payload;
}

struct message {
	struct dns_key key;
	struct packet packet;
};

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. */
static __always_inline int keep(struct __sk_buff *skb, struct message *message, const struct owner *owner, void *rows)
{
	u32 zero = 0;
	const struct dns_value *nothing = bpf_map_lookup_elem(&blank, &zero);
	struct dns_value *value;

	if (!nothing || bpf_map_update_elem(rows, &message->key, nothing, BPF_NOEXIST) != 0)
		return 0;
	value = bpf_map_lookup_elem(rows, &message->key);
	if (!value)
		return 0;
	fill_flow(&value->flow, &message->packet, message->key.cookie);
	copy_message(skb, value, message->packet.payload);
	value->cgroup = bpf_skb_cgroup_id(skb);
	value->messages = 1;
	if (owner) {
		value->flow.netns = owner->netns;
		value->tgid = value->tid = owner->tgid;
		__builtin_memcpy(value->comm, owner->comm, sizeof(value->comm));
	}
	return 1;
}

static __always_inline int see(struct __sk_buff *skb, int is_out)
{
	struct message message = { .key.incoming = !is_out };
	u32 side = active_side(), zero = 0;
	struct tallies *tally;
	struct second *second;
	struct owner *owner;

	if (is_surely_no_udp(skb))
		return PASS;
	read_packet(skb, &message.packet, is_out);
	tally = bpf_map_lookup_elem(&tallies, &side);
	second = bpf_map_lookup_elem(&seconds, &zero);
	if (!is_message(&message.packet) || !tally || !second)
		return PASS;
	message.key.at_ns = bpf_ktime_get_ns();
	message.key.cookie = bpf_get_socket_cookie(skb);
	message.key.cpu = bpf_get_smp_processor_id();
	owner = bpf_map_lookup_elem(&owners, &message.key.cookie);
	if (!admit(second, &tally->counters, message.key.at_ns, is_wanted(skb, owner)))
		return PASS;
	if (side == 0)
		settle(second, tally, keep(skb, &message, owner, &rows_0));
	else
		settle(second, tally, keep(skb, &message, owner, &rows_1));
	return PASS;
}

SEC("cgroup_skb/egress")
int message_leaves(struct __sk_buff *skb)
{
	return see(skb, 1);
}

SEC("cgroup_skb/ingress")
int message_comes(struct __sk_buff *skb)
{
	return see(skb, 0);
}
