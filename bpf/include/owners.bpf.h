/* Who made a socket. Packets come and go while somebody else runs, or nobody: only its making tells whose it is.
 *
 *  Whoever includes this has a `struct owner` of its own, with at least netns (as in struct wire_flow), tgid and comm.
 */
#ifndef SONDE_OWNERS_BPF_H
#define SONDE_OWNERS_BPF_H
#include "program.bpf.h"

#define LET_IT_BE 1

/* By the cookie of the socket. The one that was not asked for longest gives way. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1); /* set by the loader, which adds those that are not in it */
	__type(key, u64);
	__type(value, struct owner);
} owners SEC(".maps");

SEC("cgroup/sock_create")
int socket_is_made(struct bpf_sock *socket)
{
	struct owner owner = {
		.netns = bpf_get_netns_cookie(socket),
		.tgid = bpf_get_current_pid_tgid() >> 32,
	};
	u64 cookie = bpf_get_socket_cookie(socket);

	bpf_get_current_comm(owner.comm, sizeof(owner.comm));
	bpf_map_update_elem(&owners, &cookie, &owner, BPF_ANY);
	return LET_IT_BE;
}
#endif
