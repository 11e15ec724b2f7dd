/* The tables that outlive a window: flows, the sockets under them and who owns those. Whoever includes this has
 * `config`. */
#ifndef SONDE_FLOWS_BPF_H
#define SONDE_FLOWS_BPF_H
#include "guards.bpf.h"
#include "net-flows.h"
#include "owners.bpf.h"
#include "packet.bpf.h"

#define SOCK_STREAM 1
#define FAMILY_IP4 2

/* Sizes of these are set by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct flow_key);
	__type(value, struct flow_state);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u64); /* the kernel's address of the socket */
	__type(value, struct socket_note);
} sockets SEC(".maps");

/* The kernel's cookie of a network namespace → its inode, filled by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, u64);
} namespaces SEC(".maps");

static __always_inline u64 mix_words(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0xc6a4a7935bd1e995ull;
	return hash ^ hash >> 32;
}

/* Of both directions the same. */
static __always_inline u64 tuple_of(const struct packet *packet)
{
	const u64 *local = (const u64 *)packet->local, *remote = (const u64 *)packet->remote;
	u64 hash = (u64)packet->local_port << 32 | (u64)packet->remote_port << 16 | packet->protocol;

	hash = mix_words(mix_words(hash, local[0]), remote[0]);
	if (packet->family == 6)
		hash = mix_words(mix_words(hash, local[1]), remote[1]);
	return hash | 2; /* neither TUPLE_NONE nor TUPLE_LISTENING */
}

/* Counts what only a look of the loader at all sockets can tell: who listens, and which namespace this is. */
volatile u64 looks_wanted SEC(".data.looks");
/* Counts who comes to the SSH server: it may be Sonde again. */
volatile u64 callers SEC(".data.callers");

static __always_inline u64 netns_of(const struct owner *owner)
{
	u64 *inode = bpf_map_lookup_elem(&namespaces, &owner->netns);

	if (inode)
		return *inode;
	if (owner->netns < FIRST_NETNS_INODE)
		looks_wanted++;
	return owner->netns;
}

static __always_inline int is_own(const struct wire_flow *flow)
{
	const volatile u64 *local = (const volatile u64 *)config.own_local;
	const volatile u64 *remote = (const volatile u64 *)config.own_remote;

	return config.own_family && flow->protocol == PROTOCOL_TCP && flow->family == config.own_family &&
	       flow->local_port == config.own_local_port && flow->remote_port == config.own_remote_port &&
	       ((const u64 *)flow->local)[0] == local[0] && ((const u64 *)flow->local)[1] == local[1] &&
	       ((const u64 *)flow->remote)[0] == remote[0] && ((const u64 *)flow->remote)[1] == remote[1];
}

static __always_inline int is_left_out(const struct flow_state *state)
{
	return (config.only_cgroup && state->cgroup != config.only_cgroup) ||
	       (config.only_port && state->flow.local_port != config.only_port &&
		state->flow.remote_port != config.only_port);
}

/* Who called connect, or has the socket that a connection came in by. */
static __always_inline void inherit(u64 cookie, const struct socket_note *note)
{
	u64 from = note->listener ? note->listener : cookie;
	struct owner *known = bpf_map_lookup_elem(&owners, &from), owner = {};

	if (known)
		owner = *known;
	if (note->listener)
		owner.is_told = 0;
	if (note->tgid) {
		owner.tgid = note->tgid;
		__builtin_memcpy(owner.comm, note->comm, sizeof(owner.comm));
	}
	if (owner.tgid)
		bpf_map_update_elem(&owners, &cookie, &owner, BPF_ANY);
}

/* A listening socket's own address; the packet's is that of one who wants a connection. */
static __always_inline void put_listener(struct wire_flow *flow, struct bpf_sock *socket)
{
	flow->direction = WIRE_FLOW_LISTENING;
	flow->remote_port = 0;
	__builtin_memset(flow->local, 0, sizeof(flow->local));
	__builtin_memset(flow->remote, 0, sizeof(flow->remote));
	flow->local_port = socket->src_port;
	if (socket->family == FAMILY_IP4) {
		flow->family = 4;
		((u32 *)flow->local)[0] = socket->src_ip4;
		return;
	}
	flow->family = 6;
	((u32 *)flow->local)[0] = socket->src_ip6[0];
	((u32 *)flow->local)[1] = socket->src_ip6[1];
	((u32 *)flow->local)[2] = socket->src_ip6[2];
	((u32 *)flow->local)[3] = socket->src_ip6[3];
}

static __always_inline void put_ends(struct wire_flow *flow, const struct packet *packet, int is_out)
{
	flow->direction = is_out ? WIRE_FLOW_OUT : WIRE_FLOW_IN;
	flow->family = packet->family;
	flow->local_port = packet->local_port;
	flow->remote_port = packet->remote_port;
	__builtin_memcpy(flow->local, packet->local, sizeof(flow->local));
	__builtin_memcpy(flow->remote, packet->remote, sizeof(flow->remote));
}

/* What a note says of a connection; without one it is older than the probe. */
static __always_inline void begin_stream(struct flow_state *state, const struct socket_note *note, struct bpf_sock *socket)
{
	state->is_stream = 1;
	if (socket->state == STATE_LISTEN) {
		put_listener(&state->flow, socket);
		state->flow.opened_ns = note ? note->begun_ns : 0;
		return;
	}
	if (!note) {
		struct bpf_tcp_sock *tcp = socket->state == STATE_CLOSE ? NULL : bpf_tcp_sock(socket);

		state->flow.opened_ns = 0;
		state->flow.direction = WIRE_FLOW_UNKNOWN;
		if (!tcp)
			return;
		state->sent_to = tcp->snd_nxt;
		state->received_to = tcp->rcv_nxt;
		state->retransmits = tcp->total_retrans;
		state->srtt_8 = tcp->srtt_us;
		state->has_sent = state->has_received = 1;
		return;
	}
	state->flow.opened_ns = note->begun_ns;
	if (note->listener) {
		state->flow.direction = WIRE_FLOW_IN;
		state->sent_to = note->said_to;
		state->received_to = note->heard_to;
		state->owed = note->payload;
		state->connect_ns = note->connect_ns;
		state->has_sent = state->has_received = 1;
	}
}

/* A packet, and the key of its flow. */
struct seen {
	struct flow_key key;
	struct packet packet;
};
_Static_assert(sizeof(struct seen) == GUARD_WORDS * sizeof(u64), "seen");

/* NULL where there is no room. */
static __noinline struct flow_state *open_flow(struct __sk_buff *skb, const struct seen *seen, struct guard *guard, int is_out)
{
	struct bpf_sock *socket = skb->sk, *full = socket ? bpf_sk_fullsock(socket) : NULL;
	const struct packet *packet = &seen->packet;
	struct flow_state state = { .flow.cookie = seen->key.cookie, .flow.protocol = packet->protocol };
	struct socket_note *note = NULL;
	struct owner *owner;
	u64 number = 0;

	if (!full)
		return NULL;
	state.flow.opened_ns = bpf_ktime_get_ns();
	put_ends(&state.flow, packet, is_out);
	if (packet->protocol == PROTOCOL_TCP) {
		/* What the kernel says where there is no socket, such as that a port is closed. */
		if (full->type != SOCK_STREAM || full->protocol != PROTOCOL_TCP)
			return NULL;
		number = number_of(full, guard);
		note = bpf_map_lookup_elem(&sockets, &number);
		begin_stream(&state, note, full);
		if (note)
			inherit(seen->key.cookie, note);
	}
	state.cgroup = bpf_skb_cgroup_id(skb);
	state.flow.flags = is_own(&state.flow) ? WIRE_FLOW_OWN : 0;
	if (config.own_family && state.flow.local_port == config.own_local_port && !state.flow.flags)
		callers++;
	state.is_filtered = is_left_out(&state);
	owner = bpf_map_lookup_elem(&owners, &seen->key.cookie);
	if (owner)
		state.flow.netns = netns_of(owner);
	if (owner && owner->is_told && state.is_stream) {
		state.flow.opened_ns = owner->opened_ns;
		state.flow.direction = owner->direction;
	}
	if (bpf_map_update_elem(&flows, &seen->key, &state, BPF_NOEXIST) == 0 && number) {
		struct socket_note fresh = { .cookie = seen->key.cookie };

		if (note)
			note->cookie = seen->key.cookie;
		else
			bpf_map_update_elem(&sockets, &number, &fresh, BPF_ANY);
	}
	/* Another CPU may have been quicker. */
	return bpf_map_lookup_elem(&flows, &seen->key);
}
#endif
