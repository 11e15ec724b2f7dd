/* Takes the beginning of a socket of the loader's own when it ends: see socket-error.h. Attached only as long as that
 * takes. */
#ifndef SONDE_SOCKET_ERROR_BPF_H
#define SONDE_SOCKET_ERROR_BPF_H
#include "net-flows.h"
#include "program.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct socket_sample);
} samples SEC(".maps");

SEC("raw_tracepoint/inet_sock_set_state")
int sample_socket(struct bpf_raw_tracepoint_args *ctx)
{
	u32 zero = 0, after = ctx->args[2];
	struct socket_sample *sample = bpf_map_lookup_elem(&samples, &zero);

	if (!sample || sample->is_taken)
		return 0;
	/* It calls as us; its end may come while anybody runs. */
	if (after == STATE_SYN_SENT && sample->tgid == bpf_get_current_pid_tgid() >> 32)
		sample->socket = ctx->args[0];
	if (after != STATE_CLOSE || sample->socket != ctx->args[0])
		return 0;
	bpf_probe_read_kernel(sample->words, sizeof(sample->words), (const void *)ctx->args[0]);
	sample->is_taken = 1;
	return 0;
}
#endif
