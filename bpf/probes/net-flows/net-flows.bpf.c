/* Counts the packets of every socket by flow, and tells what becomes of connections.
 *
 *      packet at a socket ──▶ flow (what is known of it) ──▶ row (what it did in this window)
 *      state of a TCP socket changes ──▶ note of the socket ──▶ flow ──▶ row
 *      socket is made ──▶ owner
 *
 *  Needs Linux 5.7 and no BTF. Table sizes are set by the loader.
 */
#include "net-flows.h"
#include "program.bpf.h"

const volatile struct net_flows_config config = {};

#include "connections.bpf.h"
#include "endings.bpf.h"
#include "flows.bpf.h"
#include "rows.bpf.h"
#include "socket-error.bpf.h"
#include "stream.bpf.h"

static __always_inline void read_facts(struct stream_facts *facts, struct bpf_sock *socket, const struct flow_state *flow)
{
	struct bpf_tcp_sock *tcp;

	/* In these two there is nothing to know, and what is no full socket looks closed. */
	if (!flow || !flow->is_stream || facts->state == STATE_CLOSE || facts->state == STATE_LISTEN)
		return;
	tcp = bpf_tcp_sock(socket);
	if (!tcp)
		return;
	facts->is_known = 1;
	facts->retransmits = tcp->total_retrans;
	facts->srtt_8 = tcp->srtt_us;
	facts->rtt_min_us = tcp->rtt_min;
	facts->receive_next = tcp->rcv_nxt;
}

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. */
static __always_inline int count(struct seen *seen, const struct stream_facts *facts, struct flow_state *flow,
				 struct guard *guard, struct tallies *tallies, void *rows, int is_out)
{
	const struct packet *packet = &seen->packet;
	int is_filtered = flow && flow->is_filtered;
	struct net_flows_value *row = NULL;

	if (!flow) {
		/* One row for packets of many sockets, so one guard for them all. */
		seen->key = others_key(packet->protocol, is_out);
		guard = guard_of(seen->key.cookie);
		if (!guard)
			return LET_IT_BE;
	}
	if (config.only_tgid && (!flow || is_of_another(seen->key.cookie)))
		is_filtered = 1;
	if ((config.only_cgroup || config.only_port) && !flow)
		is_filtered = 1;
	if (!is_filtered)
		row = row_of(rows, tallies, &seen->key, flow, flow && flow->is_stream ? facts->state : STATE_NONE);
	bpf_spin_lock(&guard->lock);
	tallies->counters.seen += packet->segments;
	if (is_filtered) {
		tallies->counters.filtered += packet->segments;
	} else if (!row) {
		tallies->counters.lost_map_full += packet->segments;
	} else {
		tallies->counters.kept += packet->segments;
		if (is_out)
			row->packets_sent += packet->segments;
		else
			row->packets_received += packet->segments;
		if (flow && flow->is_stream)
			add_stream(row, flow, packet, facts, is_out);
		else if (is_out)
			row->sent += packet->payload;
		else
			row->received += packet->payload;
	}
	bpf_spin_unlock(&guard->lock);
	return LET_IT_BE;
}

/* What is not TCP ends by being quiet for long, and may begin anew. */
static __always_inline void begin_again(struct flow_state *flow)
{
	flow->flow.opened_ns = bpf_ktime_get_ns();
	flow->closed_ns = 0;
}

static __always_inline int see(struct __sk_buff *skb, int is_out)
{
	struct seen seen = {};
	struct stream_facts facts = {};
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	struct bpf_sock *socket = skb->sk;
	struct flow_state *flow = NULL;
	struct guard *guard;

	if (!tally || !socket)
		return LET_IT_BE;
	facts.state = socket->state;
	read_packet(skb, &seen.packet, is_out);
	seen.key.cookie = bpf_get_socket_cookie(skb);
	seen.key.tuple = seen.packet.protocol == PROTOCOL_TCP ? TUPLE_NONE : tuple_of(&seen.packet);
	guard = guard_of(seen.key.cookie);
	if (!guard)
		return LET_IT_BE;
	flow = bpf_map_lookup_elem(&flows, &seen.key);
	if (!flow) {
		forget((u64 *)&seen, guard);
		flow = seen.packet.family ? open_flow(skb, &seen, guard, is_out) : NULL;
	} else if (flow->closed_ns && !flow->is_stream) {
		begin_again(flow);
	}
	read_facts(&facts, socket, flow);
	if (!is_out && facts.state == STATE_LISTEN && seen.packet.protocol == PROTOCOL_TCP)
		note_arrival(seen.key.cookie, &seen.packet);
	if (side == 0)
		return count(&seen, &facts, flow, guard, tally, &rows_0, is_out);
	return count(&seen, &facts, flow, guard, tally, &rows_1, is_out);
}

SEC("cgroup_skb/egress")
int packet_leaves(struct __sk_buff *skb)
{
	return see(skb, 1);
}

SEC("cgroup_skb/ingress")
int packet_comes(struct __sk_buff *skb)
{
	return see(skb, 0);
}
