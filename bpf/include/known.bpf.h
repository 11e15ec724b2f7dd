/* Processes whose mappings the agent has read: plain addresses will do for them.
 *
 *  Anyone else is sampled with build-ids, so that a process that has ended, or has replaced itself by exec, before
 *  anyone looked into /proc can still be given names. Both events delete the process here at once, in the kernel: a
 *  process id that is used again never meets the mappings of its predecessor.
 */
#ifndef SONDE_KNOWN_BPF_H
#define SONDE_KNOWN_BPF_H
#include "program.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024); /* when full, further processes go on being sampled with build-ids */
	__type(key, u32);
	__type(value, u8);
} known SEC(".maps");

static __always_inline u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

SEC("raw_tracepoint/sched_process_exec")
int forget_exec(void *ctx __attribute__((unused)))
{
	u32 tgid = current_tgid();

	bpf_map_delete_elem(&known, &tgid);
	return 0;
}

SEC("raw_tracepoint/sched_process_exit")
int forget_exit(void *ctx __attribute__((unused)))
{
	u64 id = bpf_get_current_pid_tgid();
	u32 tgid = id >> 32;

	/* The process lives on when a thread other than its first ends. */
	if (tgid == (u32)id)
		bpf_map_delete_elem(&known, &tgid);
	return 0;
}
#endif
