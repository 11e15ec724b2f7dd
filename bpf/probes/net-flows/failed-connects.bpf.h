/* Connections that fail before a packet leaves: the call that asked for one is told why, and nothing else happens. So the
 * kernel's functions are watched that may refuse it, as kprobes. They run at a connect only, and in whoever calls it, also
 * through io_uring or as a 32-bit program. Whoever includes this has `config`. */
#ifndef SONDE_FAILED_CONNECTS_BPF_H
#define SONDE_FAILED_CONNECTS_BPF_H
#include "rows.bpf.h"

/* Nothing is wrong: the kernel asks the call to be made again, or that one waits. */
#define EINPROGRESS 115
#define FIRST_INTERNAL_ERROR 512
/* No socket has it: what a process was refused alike in one window is one row. */
#define FAILED_COOKIE (1ull << 63)
#define FAMILY_IP6 10
/* Calls that are in one of these functions now; one whose end was missed gives way. */
#define MAX_ATTEMPTS 1024

struct attempt {
	u64 socket;  /* the kernel's address of it; of security_socket_connect 0 */
	u64 address; /* of the struct sockaddr that was asked for, in the kernel */
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MAX_ATTEMPTS);
	__type(key, u64); /* thread */
	__type(value, struct attempt);
} attempts SEC(".maps");

/* Of each side. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TABLE_SIDES);
	__type(key, u32);
	__type(value, struct failure_count);
} failures SEC(".maps");

static __always_inline u64 register_at(const void *registers, u32 offset)
{
	u64 value = 0;

	if (config.register_bytes == sizeof(u32))
		bpf_probe_read_kernel(&value, sizeof(u32), (const char *)registers + offset);
	else
		bpf_probe_read_kernel(&value, sizeof(u64), (const char *)registers + offset);
	return value;
}

/* struct sockaddr_in and struct sockaddr_in6, one over the other. */
struct sockaddr_any {
	u16 family;
	u16 port; /* network order */
	u8 ip4[4]; /* of IPv6 the flow label */
	u8 ip6[16];
};

/* -1: of a family that has no TCP. `remote` is all 0 before. */
static __always_inline int read_remote(u64 address, u8 remote[16], u16 *port, u8 *family)
{
	struct sockaddr_any any = {};

	if (bpf_probe_read_kernel(&any, sizeof(any), (const void *)address) < 0)
		return -1;
	if (any.family != FAMILY_IP4 && any.family != FAMILY_IP6)
		return -1;
	*port = bpf_ntohs(any.port);
	*family = any.family == FAMILY_IP4 ? 4 : 6;
	if (any.family == FAMILY_IP4)
		__builtin_memcpy(remote, any.ip4, sizeof(any.ip4));
	else
		__builtin_memcpy(remote, any.ip6, sizeof(any.ip6));
	return 0;
}

/* Whom the call that this thread is in asks for a connection with. */
static __always_inline void note_remote(u64 socket, struct socket_note *note)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct attempt *attempt = bpf_map_lookup_elem(&attempts, &thread);

	if (attempt && attempt->socket == socket)
		read_remote(attempt->address, note->remote, &note->remote_port, &note->family);
	if (config.has_cgroups)
		note->cgroup = bpf_get_current_cgroup_id();
}

/* A row that is whole but for its times. */
struct failure {
	struct flow_key key;
	struct net_flows_value value;
};

static __always_inline int add_failure(struct failure *failure, u64 begun_ns, struct failure_count *count,
				       struct tallies *tallies, void *rows)
{
	struct net_flows_value *row = bpf_map_lookup_elem(rows, &failure->key);

	if (!row && count->rows < MAX_FAILURES) {
		failure->value.flow.opened_ns = begun_ns;
		if (bpf_map_update_elem(rows, &failure->key, &failure->value, BPF_NOEXIST) == 0) {
			tallies->rows_stored++;
			count->rows++;
		}
		row = bpf_map_lookup_elem(rows, &failure->key);
	}
	if (!row) {
		count->left_out++;
		return 0;
	}
	row->tries++;
	row->closed = bpf_ktime_get_ns();
	return 0;
}

static __noinline int tell_failure(struct failure *failure, u64 begun_ns)
{
	struct net_flows_value *value = &failure->value;
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	struct failure_count *count = bpf_map_lookup_elem(&failures, &side);
	const u64 *remote = (const u64 *)value->flow.remote;

	if (!tally || !count || (config.only_tgid && value->tgid != config.only_tgid) ||
	    (config.only_port && value->flow.remote_port != config.only_port) ||
	    (config.only_cgroup && value->cgroup != config.only_cgroup))
		return 0;
	value->flow.protocol = PROTOCOL_TCP;
	value->flow.direction = WIRE_FLOW_OUT;
	value->tid = value->tgid;
	value->state = STATE_CLOSE;
	failure->key.cookie = FAILED_COOKIE | value->tgid;
	failure->key.tuple = mix_words(mix_words((u64)value->flow.remote_port << 32 | value->error, remote[0]), remote[1]);
	if (side == 0)
		return add_failure(failure, begun_ns, count, tally, &rows_0);
	return add_failure(failure, begun_ns, count, tally, &rows_1);
}

/* Of a connection that was under way but for a packet: a firewall of this box took them all. */
static __noinline int tell_unseen(const struct socket_note *note, u32 error)
{
	struct failure failure = {};
	struct net_flows_value *value = &failure.value;

	if (!note->family || !error)
		return 0;
	value->flow.family = note->family;
	value->flow.remote_port = note->remote_port;
	__builtin_memcpy(value->flow.remote, note->remote, sizeof(note->remote));
	value->error = error;
	value->tgid = note->tgid;
	value->cgroup = note->cgroup;
	__builtin_memcpy(value->comm, note->comm, sizeof(note->comm));
	return tell_failure(&failure, note->begun_ns);
}

static __always_inline int begin_attempt(u64 socket, u64 address)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct attempt attempt = { .socket = socket, .address = address };

	bpf_map_update_elem(&attempts, &thread, &attempt, BPF_ANY);
	return 0;
}

/* (struct sock *, struct sockaddr *, …) */
SEC("kprobe")
int connect_begins(void *registers)
{
	return begin_attempt(register_at(registers, config.first_register), register_at(registers, config.second_register));
}

/* (struct socket *, struct sockaddr *, …), of sockets of all kinds. The kind is a short behind an int. */
SEC("kprobe")
int permission_begins(void *registers)
{
	u64 socket = register_at(registers, config.first_register);
	u16 kind = 0;

	bpf_probe_read_kernel(&kind, sizeof(kind), (const void *)(socket + sizeof(u32)));
	return kind == SOCK_STREAM ? begin_attempt(0, register_at(registers, config.second_register)) : 0;
}

SEC("kretprobe")
int connect_ends(void *registers)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct attempt *attempt = bpf_map_lookup_elem(&attempts, &thread);
	s32 result = (s32)register_at(registers, config.result_register);
	struct failure failure = {};
	struct wire_flow *flow = &failure.value.flow;
	u64 address;

	if (!attempt)
		return 0;
	address = attempt->address;
	bpf_map_delete_elem(&attempts, &thread);
	if (result >= 0 || result == -EINPROGRESS || result <= -FIRST_INTERNAL_ERROR ||
	    read_remote(address, flow->remote, &flow->remote_port, &flow->family) < 0)
		return 0;
	failure.value.error = -result;
	failure.value.tgid = thread >> 32;
	if (config.has_cgroups)
		failure.value.cgroup = bpf_get_current_cgroup_id();
	bpf_get_current_comm(failure.value.comm, sizeof(failure.value.comm));
	return tell_failure(&failure, bpf_ktime_get_ns());
}
#endif
