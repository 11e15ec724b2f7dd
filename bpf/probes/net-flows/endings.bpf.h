/* What becomes of TCP connections where programs see no packet: the tracepoint's own record says who they were between,
 * and each end is put aside for the look that follows. Whoever includes this has `config`. */
#ifndef SONDE_ENDINGS_BPF_H
#define SONDE_ENDINGS_BPF_H
#include "connections.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENDINGS);
	__type(key, struct ending_key);
	__type(value, struct ending);
} endings SEC(".maps");

#define READ_FIELD(to, event, place) bpf_probe_read_kernel(to, sizeof(*(to)), (const char *)(event) + (place))

static __always_inline u32 protocol_of(const void *event)
{
	u16 wide = 0;
	u8 narrow = 0;

	if (config.event.protocol_bytes == sizeof(wide)) {
		READ_FIELD(&wide, event, config.event.protocol);
		return wide;
	}
	READ_FIELD(&narrow, event, config.event.protocol);
	return narrow;
}

static __always_inline void read_ends(struct ending *ending, const void *event)
{
	u16 family = 0;

	READ_FIELD(&family, event, config.event.family);
	READ_FIELD(&ending->local_port, event, config.event.local_port);
	READ_FIELD(&ending->remote_port, event, config.event.remote_port);
	ending->family = family == FAMILY_IP4 ? 4 : 6;
	if (family == FAMILY_IP4) {
		READ_FIELD((u32 *)ending->local, event, config.event.local4);
		READ_FIELD((u32 *)ending->remote, event, config.event.remote4);
	} else {
		READ_FIELD(&ending->local, event, config.event.local6);
		READ_FIELD(&ending->remote, event, config.event.remote6);
	}
}

static __noinline int put_aside(const struct change *change, const struct socket_note *note, const void *event)
{
	struct ending_key key = { .socket = change->socket, .closed_ns = change->now_ns };
	struct ending ending = { .begun_ns = note->begun_ns, .connect_ns = note->connect_ns, .close_wait_ns = note->close_wait_ns };
	u32 side = active_side();
	struct failure_count *count = bpf_map_lookup_elem(&failures, &side);

	read_ends(&ending, event);
	ending.closed_ns = change->now_ns;
	ending.closing_ns = note->closing_from_ns ? change->now_ns - note->closing_from_ns : 0;
	ending.cgroup = note->cgroup;
	ending.tgid = note->tgid;
	__builtin_memcpy(ending.comm, note->comm, sizeof(ending.comm));
	ending.direction = note->listener ? WIRE_FLOW_IN : note->begun_ns ? WIRE_FLOW_OUT : WIRE_FLOW_UNKNOWN;
	ending.error = error_of(change->socket, change->before);
	if (bpf_map_update_elem(&endings, &key, &ending, BPF_ANY) < 0 && count)
		count->left_out++;
	return 0;
}

/* The call that this thread is in asked for the connection, and has not been answered: connect_ends tells. */
static __always_inline int is_refused(u64 socket)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct attempt *attempt = bpf_map_lookup_elem(&attempts, &thread);

	return attempt && attempt->socket == socket;
}

SEC("tracepoint")
int connection_changes(void *event)
{
	struct change change = { .now_ns = bpf_ktime_get_ns() };
	struct socket_note *known, note = {};

	READ_FIELD(&change.before, event, config.event.before);
	READ_FIELD(&change.after, event, config.event.after);
	change.socket = register_at(event, config.event.socket);
	if (protocol_of(event) != PROTOCOL_TCP || change.after == STATE_LISTEN)
		return 0;
	if (change.after == STATE_SYN_SENT) {
		note_caller(change.socket, change.now_ns);
		return 0;
	}
	if (change.before == STATE_LISTEN && change.after == STATE_SYN_RECV) {
		note.begun_ns = change.now_ns;
		note.listener = 1;
		bpf_map_update_elem(&sockets, &change.socket, &note, BPF_ANY);
		return 0;
	}
	if (change.before == STATE_LISTEN)
		return 0;
	known = bpf_map_lookup_elem(&sockets, &change.socket);
	if (known) {
		time_states(known, &change);
	} else if (change.after != STATE_CLOSE) {
		time_states(&note, &change);
		bpf_map_update_elem(&sockets, &change.socket, &note, BPF_ANY);
		return 0;
	}
	if (change.after != STATE_CLOSE)
		return 0;
	if (change.before != STATE_SYN_SENT || !is_refused(change.socket))
		put_aside(&change, known ? known : &note, event);
	bpf_map_delete_elem(&sockets, &change.socket);
	return 0;
}
#endif
