/* Where threads leave the beginning of a call until it returns, and what is worth knowing of a thread beyond one call.
 *
 *  An array by the lower bits of the thread id, because finding a place in it costs a tenth of a hash table. Two
 *  threads may share a slot: it belongs to who used it last, and to nobody else while a call of his is in flight. Who
 *  then comes second goes to a small hash table.
 */
#ifndef SONDE_SLOTS_BPF_H
#define SONDE_SLOTS_BPF_H
#include "program.bpf.h"
#include "callers.bpf.h"

#define OVERFLOW_ENTRIES 1024

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set by the loader: config.slot_mask + 1 */
	__type(key, u32);
	__type(value, struct slot);
} slots SEC(".maps");

struct start {
	u64 start_ns;
	u64 call;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OVERFLOW_ENTRIES);
	__type(key, u32); /* thread id */
	__type(value, struct start);
} starts SEC(".maps");

static __always_inline struct slot *slot_of(u32 tid)
{
	u32 index = tid & config.slot_mask;

	return bpf_map_lookup_elem(&slots, &index);
}

static __always_inline u32 owner_of(const struct slot *slot)
{
	return slot->owner >> 32;
}

/* Of the process: a number that has changed since means that its id may by now be another's, or it another program. */
static __always_inline u32 life_of(u32 tgid)
{
	struct slot *slot = slot_of(tgid);

	return slot ? slot->changes : 0;
}

/* Counted in the slot that the process's id leads to, whoever owns it. Two CPUs that count at once may count one; it is
 * a change all the same. */
static __always_inline void next_life(u32 tgid)
{
	struct slot *slot = slot_of(tgid);

	if (slot)
		slot->changes++;
}

static __always_inline void give(struct slot *slot, u64 id, u32 call)
{
	slot->life = life_of(id >> 32);
	slot->tgid = id >> 32;
	slot->owner = id << 32 | call;
}

/* Makes the slot the current thread's with its table. 0: another's call is in flight there. */
static __noinline int claim(struct slot *slot, u64 id, const void *registers)
{
	if (owner_of(slot) != (u32)id && slot->start_ns)
		return 0;
	slot->start_ns = 0;
	give(slot, id, 0);
	slot->table = current_table(registers) << CALL_TABLE_SHIFT;
	return 1;
}

static __noinline int begin_elsewhere(u32 tid, u64 number, const void *registers)
{
	struct start start = {
		.start_ns = bpf_ktime_get_ns(),
		.call = call_of(current_table(registers) << CALL_TABLE_SHIFT, number),
	};

	/* Full: this call will have no duration. */
	return bpf_map_update_elem(&starts, &tid, &start, BPF_ANY);
}

SEC("raw_tracepoint/sys_enter")
int call_begins(struct bpf_raw_tracepoint_args *ctx)
{
	const void *registers = (const void *)ctx->args[0];
	u64 id = bpf_get_current_pid_tgid();
	u32 tid = id, number = ctx->args[1];
	struct slot *slot = slot_of(tid);

	if (!slot || is_filtered(id))
		return 0;
	if ((owner_of(slot) != tid || !slot->table) && !claim(slot, id, registers))
		return begin_elsewhere(tid, number, registers);
	slot->owner = (u64)tid << 32 | call_of(slot->table, number);
	slot->start_ns = bpf_ktime_get_ns();
	return 0;
}

/* Threads that race for a slot may leave each other's start: a few nanoseconds off, perhaps after the end. */
static __always_inline u64 time_between(u64 start_ns, u64 end_ns)
{
	return end_ns > start_ns ? end_ns - start_ns : 0;
}

SEC("raw_tracepoint/sched_process_exit")
int thread_ends(void *ctx __attribute__((unused)))
{
	u64 id = bpf_get_current_pid_tgid();
	u32 tid = id, tgid = id >> 32;
	struct slot *slot = slot_of(tid);

	if (slot && owner_of(slot) == tid) {
		slot->owner = slot->start_ns = 0;
		slot->table = 0;
	}
	bpf_map_delete_elem(&starts, &tid);
	/* A process lives on when a thread other than its first ends. */
	if (tid == tgid)
		next_life(tgid);
	return 0;
}

/* Within execve: the table may be another from now on. A thread that was not its process's first is given the first
 * one's id here, so what it left behind moves with it. */
SEC("raw_tracepoint/sched_process_exec")
int program_begins(struct bpf_raw_tracepoint_args *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	u32 tid = id, tid_before = ctx->args[1];
	struct slot *slot = slot_of(tid), *before = slot_of(tid_before);
	u64 start_ns = 0;
	u32 call = 0;

	if (!slot || !before)
		return 0;
	next_life(id >> 32);
	if (tid_before != tid)
		bpf_map_delete_elem(&starts, &tid_before);
	if (owner_of(before) == tid_before) {
		start_ns = before->start_ns;
		call = before->owner;
		before->owner = before->start_ns = 0;
	}
	if (slot->start_ns && owner_of(slot) != tid)
		return 0;
	give(slot, id, call);
	slot->start_ns = start_ns;
	slot->table = 0;
	return 0;
}
#endif
