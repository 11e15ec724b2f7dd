/* What becomes of TCP connections: each change of state of a socket that there is a note of goes to its row. Whoever
 * includes this has `config`. */
#ifndef SONDE_CONNECTIONS_BPF_H
#define SONDE_CONNECTIONS_BPF_H
#include "failed-connects.bpf.h"
#include "rows.bpf.h"

/* The packet that a listening socket got last, on this CPU. If it completes a connection, the kernel says so before the
 * CPU does anything else. */
struct arrival {
	u64 listener; /* cookie; 0: none */
	u64 called_ns; /* when the connection was asked for; 0: not known */
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

/* When somebody first asked for a connection that is not there yet: what came later may be the same SYN sent again. Many
 * that nobody completes push each other out. */
struct call {
	u64 at_ns;
	u32 sequence;
	u32 pad;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1); /* set by the loader */
	__type(key, struct flow_key);
	__type(value, struct call);
} calls SEC(".maps");

/* When the connection that this packet is of was asked for; 0: not known. */
static __always_inline u64 called_at(u64 listener, const struct packet *packet)
{
	struct flow_key key = { .cookie = listener, .tuple = tuple_of(packet) };
	struct call *known = bpf_map_lookup_elem(&calls, &key);
	struct call call = { .sequence = packet->sequence };

	if (!(packet->flags & PACKET_SYN))
		return known && known->sequence + 1 == packet->sequence ? known->at_ns : 0;
	if (known && known->sequence == packet->sequence)
		return known->at_ns;
	call.at_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&calls, &key, &call, BPF_ANY);
	return call.at_ns;
}

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
	arrival->called_ns = called_at(listener, packet);
	arrival->listener = listener;
}

/* Where a socket keeps its error: set by the loader, see socket-error.h. 0: not known. */
volatile u32 error_place SEC(".data.error");

static __always_inline u32 error_of(u64 socket, u32 before)
{
	u32 place = error_place, error = 0;

	/* Later there is no one to be told. */
	if (place && (before == STATE_SYN_SENT || before == STATE_SYN_RECV || before == STATE_ESTABLISHED ||
		      before == STATE_FIN_WAIT1 || before == STATE_CLOSE_WAIT))
		bpf_probe_read_kernel(&error, sizeof(error), (const void *)(socket + place));
	return error;
}

struct change {
	struct flow_key key;
	u64 socket; /* the kernel's address of it */
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
	if (change->after == STATE_ESTABLISHED || change->after == STATE_CLOSE)
		row->connect = note->connect_ns;
	if (change->after == STATE_CLOSE) {
		row->closing = note->closing_from_ns ? change->now_ns - note->closing_from_ns : 0;
		row->close_wait = note->close_wait_ns;
		row->closed = change->now_ns;
		row->error = error_of(change->socket, change->before);
	}
	return 0;
}

/* How long it took to be made, and how long it takes to end. */
static __always_inline void time_states(struct socket_note *note, const struct change *change)
{
	if (change->after == STATE_ESTABLISHED && !note->listener && note->begun_ns)
		note->connect_ns = change->now_ns - note->begun_ns;
	if (change->before == STATE_ESTABLISHED && change->after != STATE_CLOSE)
		note->closing_from_ns = change->now_ns;
	if (change->before == STATE_CLOSE_WAIT && note->closing_from_ns)
		note->close_wait_ns = change->now_ns - note->closing_from_ns;
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
	note_remote(socket, &note);
	bpf_map_update_elem(&sockets, &socket, &note, BPF_ANY);
}

static __always_inline void note_accepted(u64 socket, u64 now_ns)
{
	u32 zero = 0;
	struct arrival *arrival = bpf_map_lookup_elem(&arrivals, &zero);
	struct socket_note note = { .begun_ns = now_ns };

	if (!arrival || !arrival->listener)
		return;
	if (arrival->called_ns) {
		note.begun_ns = arrival->called_ns;
		note.connect_ns = now_ns - arrival->called_ns;
	}
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
	struct change change = { .socket = socket, .before = ctx->args[1], .after = ctx->args[2] };
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
	time_states(note, &change);
	if (note->cookie) {
		change.key.cookie = note->cookie;
		follow(&change, note);
	} else if (change.before == STATE_SYN_SENT && change.after == STATE_CLOSE) {
		tell_unseen(note, error_of(socket, change.before));
	}
	if (change.after == STATE_CLOSE)
		bpf_map_delete_elem(&sockets, &socket);
	return 0;
}
#endif
