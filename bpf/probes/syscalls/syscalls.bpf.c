/* Counts every system call when it returns, with its duration and its error.
 *
 *      sys_enter ──▶ slot of the thread: which call, since when
 *      sys_exit  ──▶ slot ──▶ row of (thread, call, error, bucket)
 *
 *  Needs Linux 5.3 and no BTF. Table sizes are set by the loader. What is on the way of every call is written for the
 *  fewest instructions; what is rare is in functions of its own.
 */
#include "syscalls.h"
#include "program.bpf.h"

const volatile struct syscalls_config config = {};

#include "buckets.bpf.h"
#include "callers.bpf.h"
#include "cells.bpf.h"
#include "sides.bpf.h"
#include "slots.bpf.h"

struct cells {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct syscalls_row);
};
struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, union syscalls_key);
	__type(value, struct syscalls_value);
};
struct cells cells_0 SEC(".maps"), cells_1 SEC(".maps");
struct rows rows_0 SEC(".maps"), rows_1 SEC(".maps");

/* A call that has returned. */
struct ended {
	union syscalls_key key;
	u64 ns;
	u64 id;
};

/* Of a thread that left nothing in its slot. 0: that was no call. */
static __noinline int end_elsewhere(struct ended *ended, u64 id, const void *registers, s64 result, u64 now)
{
	u32 tid = id, call;
	struct start *start = bpf_map_lookup_elem(&starts, &tid);
	struct slot *slot = slot_of(tid);

	ended->key.life = life_of(id >> 32);
	ended->ns = 0;
	if (start) {
		ended->key.words[0] = (u64)tid << 32 | start->call;
		ended->ns = time_between(start->start_ns, now);
		ended->key.outcome = log2_of(ended->ns);
		bpf_map_delete_elem(&starts, &tid);
		return 1;
	}
	ended->key.outcome = BUCKET_UNKNOWN;
	call = returning_call(registers);
	/* The first steps of a new thread are those of a call that returns 0. Its maker's is counted. */
	if (result == 0 && makes_threads(call))
		return 0;
	if (slot && owner_of(slot) == tid && !slot->table) {
		/* It has just begun another program: the registers are that one's already. */
		if ((call & CALL_NUMBER_MASK) == 0)
			return 0; /* a program that the kernel started by itself */
		call |= CALL_NUMBER_UNKNOWN;
	}
	ended->key.words[0] = (u64)tid << 32 | call;
	return 1;
}

static __always_inline void fill_row(struct syscalls_value *value, const struct ended *ended)
{
	value->calls = 1;
	value->total = value->longest = ended->ns;
	value->cgroup = config.has_cgroups ? bpf_get_current_cgroup_id() : 0;
	value->tgid = ended->id >> 32;
	value->life = ended->key.life;
	value->error = ended->key.outcome >> 8;
	value->bucket = ended->key.outcome & 0xff;
	bpf_get_current_comm(value->comm, sizeof(value->comm));
}

static __always_inline void add(struct syscalls_value *value, u64 ns)
{
	value->calls += 1;
	value->total += ns;
	if (value->longest < ns)
		value->longest = ns;
}

static __always_inline int is_of(const struct syscalls_row *cell, const union syscalls_key *key)
{
	return cell->key.words[0] == key->words[0] && cell->key.words[1] == key->words[1];
}

/* 1: the cell was the key's, or free. */
static __always_inline int take_cell(void *cells, u32 index, const struct ended *ended)
{
	struct syscalls_row *cell = bpf_map_lookup_elem(cells, &index);

	if (!cell || cell->key.words[0])
		return 0;
	fill_row(&cell->value, ended);
	cell->key = ended->key;
	return 1;
}

static __always_inline int add_to_rows(void *rows, const struct ended *ended, struct tallies *tallies)
{
	struct syscalls_value *row = bpf_map_lookup_elem(rows, &ended->key), value;

	if (row) {
		add(row, ended->ns);
		return 1;
	}
	fill_row(&value, ended);
	if (bpf_map_update_elem(rows, &ended->key, &value, BPF_NOEXIST) != 0)
		return 0;
	tallies->rows_stored++;
	return 1;
}

/* Of a key that has no cell. 0: there is no room. */
static __noinline int add_elsewhere(void *cells, u32 index, void *rows, const struct ended *ended,
				    struct tallies *tallies)
{
	if (config.cells_per_cpu && (take_cell(cells, index, ended) || take_cell(cells, index ^ 1, ended)))
		return 1;
	return add_to_rows(rows, ended, tallies);
}

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. */
static __always_inline int count_call(struct tallies *tallies, void *cells, void *rows, const struct ended *ended)
{
	u32 index = first_cell(ended->key.words, ended->key.cpu, config.cells_per_cpu), other = index ^ 1;
	struct syscalls_row *cell = bpf_map_lookup_elem(cells, &index);

	if (!cell || !is_of(cell, &ended->key))
		cell = bpf_map_lookup_elem(cells, &other);
	if (cell && is_of(cell, &ended->key)) {
		add(&cell->value, ended->ns);
	} else if (!add_elsewhere(cells, index, rows, ended, tallies)) {
		tallies->counters.lost_map_full++;
		return 0;
	}
	tallies->counters.kept++;
	return 0;
}

SEC("raw_tracepoint/sys_exit")
int call_ends(struct bpf_raw_tracepoint_args *ctx)
{
	u64 now = bpf_ktime_get_ns(), id = bpf_get_current_pid_tgid();
	u32 tid = id, side = active_side();
	struct slot *slot = slot_of(tid);
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	s64 result = ctx->args[1];
	struct ended ended;

	if (!slot || !tally)
		return 0;
	if (is_filtered(id)) {
		tally->counters.seen++;
		tally->counters.filtered++;
		return 0;
	}
	if (owner_of(slot) == tid && slot->start_ns) {
		ended.ns = time_between(slot->start_ns, now);
		ended.key.words[0] = slot->owner;
		ended.key.outcome = log2_of(ended.ns);
		ended.key.life = slot->life;
		slot->start_ns = 0;
	} else if (!end_elsewhere(&ended, id, (const void *)ctx->args[0], result, now)) {
		return 0;
	}
	if (is_narrow(ended.key.call))
		result = (s32)result;
	if (result < 0 && result >= -MAX_ERROR)
		ended.key.outcome |= -(u32)result << 8;
	ended.key.cpu = bpf_get_smp_processor_id();
	ended.id = id;
	tally->counters.seen++;
	if (side == 0)
		return count_call(tally, &cells_0, &rows_0, &ended);
	return count_call(tally, &cells_1, &rows_1, &ended);
}
