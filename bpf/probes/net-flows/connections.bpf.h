/* What becomes of TCP connections: each change of state of a socket that there is a note of goes to its row. Whoever
 * includes this has `config`. */
#ifndef SONDE_CONNECTIONS_BPF_H
#define SONDE_CONNECTIONS_BPF_H
#include "rows.bpf.h"

#define GIVEN_UP 3 /* retransmissions without an answer; the kernel tries 15 unless told otherwise */
#define EPIPE 32
#define ECONNRESET 104
#define ETIMEDOUT 110
#define ECONNREFUSED 111
#define EHOSTUNREACH 113

/* The packet that a listening socket got last, on this CPU. If it completes a connection, the kernel says so before the
 * CPU does anything else. */
struct arrival {
	u64 listener; /* cookie; 0: none */
	u32 heard_to;
	u32 said_to;
	u32 payload;
	u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct arrival);
} arrivals SEC(".maps");

/* Should this packet complete a connection. */
static __always_inline void note_arrival(u64 listener, const struct packet *packet)
{
	u32 zero = 0;
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &zero);

	if (!arrival)
		return;
	arrival->heard_to = packet->sequence + packet->payload + (packet->flags & PACKET_SYN ? 1 : 0);
	arrival->said_to = packet->acknowledged;
	arrival->payload = packet->payload;
	arrival->listener = listener;
}

/* The kernel knows the error of a socket, but tells it to nobody. This is what it must have been. */
static __always_inline u32 error_of(const struct flow_state *flow, const struct socket_note *note, u32 before)
{
	/* Timers and packets come while somebody else runs, or nobody: then the process has not given it up itself. */
	int is_by_caller = note->tgid && note->tgid == bpf_get_current_pid_tgid() >> 32;

	if (before == STATE_SYN_SENT && flow->was_reset)
		return ECONNREFUSED;
	if (before == STATE_SYN_SENT && !is_by_caller)
		return flow->syns_sent > config.syn_retries ? ETIMEDOUT : EHOSTUNREACH;
	/* Later there is no one to be told. */
	if (before != STATE_ESTABLISHED && before != STATE_FIN_WAIT1 && before != STATE_CLOSE_WAIT)
		return 0;
	if (flow->was_reset)
		return before == STATE_CLOSE_WAIT ? EPIPE : ECONNRESET;
	return flow->unanswered >= GIVEN_UP && !is_by_caller ? ETIMEDOUT : 0;
}

struct change {
	struct flow_key key;
	u64 now_ns;
	u32 before;
	u32 after;
};

static __always_inline int tell(const struct change *change, struct flow_state *flow, const struct socket_note *note,
				struct tallies *tallies, void *rows)
{
	struct net_flows_value *row = row_of(rows, tallies, &change->key, flow, change->after);

	if (!row)
		return 0;
	row->state = change->after;
	if (change->before == STATE_SYN_SENT && change->after == STATE_ESTABLISHED && note->begun_ns)
		row->connect = change->now_ns - note->begun_ns;
	if (change->after == STATE_CLOSE) {
		row->closed = change->now_ns;
		row->error = change->before == STATE_LISTEN ? 0 : error_of(flow, note, change->before);
	}
	return 0;
}

/* Of a socket that there is a note of. */
static __noinline int follow(struct change *change, struct socket_note *note)
{
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	struct flow_state *flow = bpf_map_lookup_elem(&flows, &change->key);

	if (!flow || !tally || flow->is_filtered || (config.only_tgid && is_of_another(change->key.cookie)))
		return 0;
	if (change->after == STATE_CLOSE)
		flow->closed_ns = change->now_ns;
	if (side == 0)
		return tell(change, flow, note, tally, &rows_0);
	return tell(change, flow, note, tally, &rows_1);
}

static __always_inline void note_caller(u64 socket, u64 now_ns)
{
	struct socket_note note = { .begun_ns = now_ns, .tgid = bpf_get_current_pid_tgid() >> 32 };

	bpf_get_current_comm(note.comm, sizeof(note.comm));
	bpf_map_update_elem(&sockets, &socket, &note, BPF_ANY);
}

static __always_inline void note_accepted(u64 socket, u64 now_ns)
{
	u32 zero = 0;
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &zero);
	struct socket_note note = { .begun_ns = now_ns };

	if (!arrival || !arrival->listener)
		return;
	note.listener = arrival->listener;
	note.heard_to = arrival->heard_to;
	note.said_to = arrival->said_to;
	note.payload = arrival->payload;
	arrival->listener = 0;
	bpf_map_update_elem(&sockets, &socket, &note, BPF_ANY);
}

/* (socket, state before, state after) */
SEC("raw_tracepoint/inet_sock_set_state")
int state_changes(struct bpf_raw_tracepoint_args *ctx)
{
	u64 socket = ctx->args[0];
	struct change change = { .before = ctx->args[1], .after = ctx->args[2] };
	struct socket_note *note;

	change.now_ns = bpf_ktime_get_ns();
	if (change.before == STATE_LISTEN || change.after == STATE_LISTEN)
		looks_wanted += change.after != STATE_SYN_RECV;
	if (change.after == STATE_SYN_SENT || change.after == STATE_LISTEN) {
		note_caller(socket, change.now_ns);
		return 0;
	}
	if (change.before == STATE_LISTEN && change.after == STATE_SYN_RECV) {
		note_accepted(socket, change.now_ns);
		return 0;
	}
	note = bpf_map_lookup_elem(&sockets, &socket);
	if (!note)
		return 0;
	if (note->cookie) {
		change.key.cookie = note->cookie;
		follow(&change, note);
	}
	if (change.after == STATE_CLOSE)
		bpf_map_delete_elem(&sockets, &socket);
	return 0;
}
#endif
