/* What a TCP packet tells of its connection. Called with the flow's guard held: nothing in here may call anything. */
#ifndef SONDE_STREAM_BPF_H
#define SONDE_STREAM_BPF_H
#include "packet.bpf.h"
#include "net-flows.h"

/* A hole that is longer was made by nobody who has read our window. */
#define LONGEST_HOLE (1 << 24)
#define RTT_UNKNOWN (~0u)
#define NS_PER_US 1000ull

/* The socket's own figures, read before the guard was taken. */
struct stream_facts {
	u32 is_known;
	u32 state;
	u32 retransmits;
	u32 srtt_8;
	u32 rtt_min_us;
	u32 receive_next;
};

/* Egress of one socket is one packet at a time: the kernel holds the socket's lock. Each byte counts when it is first
 * sent, and what is sent again lies before the mark. */
static __always_inline void add_sent(struct net_flows_value *row, struct flow_state *flow, const struct packet *packet,
				     const struct stream_facts *facts)
{
	u32 start = packet->sequence + (packet->flags & PACKET_SYN ? 1 : 0), end = start + packet->payload;
	s32 fresh;

	if (!flow->has_sent) {
		flow->sent_to = start;
		flow->has_sent = 1;
	}
	fresh = end - flow->sent_to;
	if (fresh > 0) {
		row->sent += (u32)fresh < packet->payload ? (u32)fresh : packet->payload;
		flow->sent_to = end;
	}
	/* It rises before the packet that is sent again comes by here. */
	if (facts->is_known && facts->retransmits != flow->retransmits) {
		row->retransmits += facts->retransmits - flow->retransmits;
		flow->retransmits = facts->retransmits;
	}
}

/* A byte counts when one after it has come: a hole will be filled, or the connection ends. */
static __always_inline void add_received(struct net_flows_value *row, struct flow_state *flow, const struct packet *packet,
					 const struct stream_facts *facts)
{
	u32 start = packet->sequence + (packet->flags & PACKET_SYN ? 1 : 0), end = start + packet->payload;
	s32 fresh;

	if (!flow->has_received && (packet->flags & PACKET_SYN)) {
		flow->received_to = start;
		flow->has_received = 1;
	}
	if (packet->payload == 0 || !flow->has_received)
		return;
	if ((s32)(start - flow->received_to) > LONGEST_HOLE && facts->is_known)
		flow->received_to = facts->receive_next;
	fresh = end - flow->received_to;
	if (fresh <= 0 || fresh > LONGEST_HOLE)
		return;
	if ((s32)(start - flow->received_to) > 0)
		row->out_of_order += packet->segments;
	row->received += (u32)fresh;
	flow->received_to = end;
}

/* The kernel keeps 7/8 of the old smoothed time and adds 1/8 of the new single one, which can so be told from both. The
 * jitter is smoothed as RFC 3550 does it, with 1/16. */
static __always_inline void add_round_trip(struct net_flows_value *row, struct flow_state *flow,
					   const struct stream_facts *facts)
{
	u32 before = flow->srtt_8, sample, change;

	if (facts->srtt_8 != before) {
		sample = before ? facts->srtt_8 - before + (before >> 3) : facts->srtt_8 >> 3;
		change = sample > flow->sample_us ? sample - flow->sample_us : flow->sample_us - sample;
		if (flow->sample_us)
			flow->jitter_16 += change - (flow->jitter_16 >> 4);
		flow->sample_us = sample;
		flow->srtt_8 = facts->srtt_8;
	}
	row->rtt = facts->srtt_8 * NS_PER_US / 8;
	row->jitter = flow->jitter_16 * NS_PER_US / 16;
	if (facts->rtt_min_us != RTT_UNKNOWN)
		row->rtt_min = facts->rtt_min_us * NS_PER_US;
}

static __always_inline void add_stream(struct net_flows_value *row, struct flow_state *flow, const struct packet *packet,
				       const struct stream_facts *facts, int is_out)
{
	/* What a listening socket gets and sends is of connections that are not yet. */
	if (facts->state == STATE_LISTEN)
		return;
	row->received += flow->owed;
	flow->owed = 0;
	if (is_out)
		add_sent(row, flow, packet, facts);
	else
		add_received(row, flow, packet, facts);
	if (packet->flags & PACKET_RST)
		row->resets++;
	else if (packet->window == 0 && !(packet->flags & PACKET_SYN))
		row->zero_windows++;
	if (facts->is_known)
		add_round_trip(row, flow, facts);
}
#endif
