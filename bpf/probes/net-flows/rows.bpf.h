/* The rows of a window: what one flow did in it. Two sides, see sides.bpf.h. */
#ifndef SONDE_ROWS_BPF_H
#define SONDE_ROWS_BPF_H
#include "flows.bpf.h"
#include "sides.bpf.h"

struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct flow_key);
	__type(value, struct net_flows_value);
};
struct rows rows_0 SEC(".maps"), rows_1 SEC(".maps");

/* Flows that found no place: all of one protocol and direction are one. */
static __always_inline struct flow_key others_key(u8 protocol, int is_out)
{
	return (struct flow_key){ .tuple = (u64)protocol << 8 | (is_out ? WIRE_FLOW_OUT : WIRE_FLOW_IN) };
}

static __always_inline void put_others(struct wire_flow *flow, const struct flow_key *key)
{
	flow->protocol = key->tuple >> 8;
	flow->direction = key->tuple & 0xff;
	flow->flags = WIRE_FLOW_OTHERS;
}

/* Without a flow it is the row of others. NULL where there is no room. */
static __noinline struct net_flows_value *open_row(void *rows, struct tallies *tallies, const struct flow_key *key,
						   struct flow_state *flow, u32 state)
{
	struct net_flows_value value = { .state = state };
	struct owner *owner = NULL;

	if (flow) {
		value.flow = flow->flow;
		value.cgroup = flow->cgroup;
		value.connect = flow->connect_ns;
		flow->seen_ns = bpf_ktime_get_ns();
		owner = bpf_map_lookup_elem(&owners, &key->cookie);
	} else {
		put_others(&value.flow, key);
	}
	if (owner) {
		value.tgid = value.tid = owner->tgid;
		__builtin_memcpy(value.comm, owner->comm, sizeof(value.comm));
	}
	if (bpf_map_update_elem(rows, key, &value, BPF_NOEXIST) == 0) {
		tallies->rows_stored++;
		if (flow)
			flow->connect_ns = 0;
	}
	return bpf_map_lookup_elem(rows, key);
}

static __always_inline struct net_flows_value *row_of(void *rows, struct tallies *tallies, const struct flow_key *key,
						      struct flow_state *flow, u32 state)
{
	struct net_flows_value *row = bpf_map_lookup_elem(rows, key);

	return row ? row : open_row(rows, tallies, key, flow, state);
}

static __always_inline int is_of_another(u64 cookie)
{
	struct owner *owner = bpf_map_lookup_elem(&owners, &cookie);

	return !owner || owner->tgid != config.only_tgid;
}
#endif
