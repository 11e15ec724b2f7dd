/* Keeps single system calls that fit all conditions, when they return.
 *
 *      sys_enter ──▶ slot of the thread: which call, since when
 *      sys_exit  ──▶ slot ──▶ long enough? the error? the call? not too many? ──▶ a row with its arguments and path
 *
 *  Needs Linux 5.3 and no BTF. Table sizes are set by the loader, which also finds the calls in progress: in the slots.
 */
#include "slow-syscalls.h"
#include "program.bpf.h"

const volatile struct slow_syscalls_config config = {};
/* In a section of its own, because the loader sets all of the ordinary one. */
const volatile u8 facts[FACT_TABLES * FACT_NUMBERS] SEC(".rodata.facts") = {};

#include "conditions.bpf.h"
#include "known.bpf.h"
#include "sides.bpf.h"
#include "stacks.bpf.h"

struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct slow_syscalls_key);
	__type(value, struct slow_syscalls_value);
};
struct stacks {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, struct stack_value);
};
struct build_id_stacks {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, struct build_id_stack_value);
};
struct rows rows_0 SEC(".maps"), rows_1 SEC(".maps");
struct stacks user_stacks_0 SEC(".maps"), user_stacks_1 SEC(".maps");
struct build_id_stacks build_id_stacks_0 SEC(".maps"), build_id_stacks_1 SEC(".maps");

/* All that is too large for a program's own stack. */
struct scratch {
	struct slow_syscalls_row row;
	struct stack_scratch stack;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct scratch);
} call_scratch SEC(".maps");

static __always_inline void read_arguments(struct slow_syscalls_value *value, const struct ending *ending)
{
	int is_native = ending->call >> CALL_TABLE_SHIFT != config.registers.compat_table;

	for (u32 i = 0; i < CALL_ARGUMENTS; i++) {
		u32 offset = is_native ? config.arguments.native_offsets[i] : config.arguments.compat_offsets[i];

		value->args[i] = 0;
		if (is_native && config.arguments.native_bytes == sizeof(u64))
			bpf_probe_read_kernel(&value->args[i], sizeof(u64), ending->registers + offset);
		else
			bpf_probe_read_kernel(&value->args[i], sizeof(u32), ending->registers + offset);
	}
}

/* `which` counts from 1. */
static __always_inline u64 argument(const struct slow_syscalls_value *value, u32 which)
{
	return which <= CALL_ARGUMENTS ? value->args[(which - 1) & 7] : 0;
}

static __always_inline void fill_row(struct slow_syscalls_row *row, const struct ending *ending)
{
	struct slow_syscalls_value *value = &row->value;
	u32 path = path_argument(ending->facts), file = file_argument(ending->facts);

	__builtin_memset(row, 0, sizeof(*row));
	row->key.begun_ns = ending->begun_ns;
	row->key.tid = ending->id;
	row->key.call = ending->call;
	value->duration_ns = ending->ns;
	value->result = ending->result;
	value->cgroup = config.has_cgroups ? bpf_get_current_cgroup_id() : 0;
	value->tgid = ending->id >> 32;
	value->life = ending->life;
	value->error = ending->error;
	value->finished = 1;
	value->file = NO_FILE;
	bpf_get_current_comm(value->comm, sizeof(value->comm));
	if (!ending->has_arguments)
		return;
	read_arguments(value, ending);
	if (file)
		value->file = argument(value, file);
	if (path && bpf_probe_read_user_str(value->path, sizeof(value->path), (const void *)argument(value, path)) < 0)
		value->path[0] = 0;
}

/* -1 when its table is full; 1 when it was cut, or has no frames: the process may have given up its memory. */
static __always_inline int take_stack(void *ctx, struct scratch *scratch, struct tallies *tallies, void *table,
				      enum wire_space space, u64 flags)
{
	u32 frame_bytes = space == WIRE_SPACE_USER_BUILD_ID ? sizeof(struct wire_build_id_frame) : sizeof(u64);
	long bytes = bpf_get_stack(ctx, scratch->stack.words, WIRE_MAX_FRAMES * frame_bytes, BPF_F_USER_STACK | flags);

	if (bytes <= 0)
		return 1;
	scratch->row.value.user_space = space;
	scratch->row.value.user_stack =
		keep_stack(table, &scratch->stack, bytes, frame_bytes, &tallies->stacks_stored[space]);
	if (!scratch->row.value.user_stack)
		return -1;
	return bytes >= config.cut_frames * frame_bytes;
}

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. Without
 * tables for stacks, none is taken. */
static __always_inline int keep_call(void *ctx, struct tallies *tallies, const struct ending *ending, void *rows,
				     void *user_stacks, void *build_id_stacks)
{
	u32 zero = 0, tgid = ending->id >> 32;
	struct scratch *scratch = bpf_map_lookup_elem(&call_scratch, &zero);
	int flaw = 0;

	if (!scratch)
		return 0;
	fill_row(&scratch->row, ending);
	if (user_stacks && bpf_map_lookup_elem(&known, &tgid))
		flaw = take_stack(ctx, scratch, tallies, user_stacks, WIRE_SPACE_USER, 0);
	else if (user_stacks)
		flaw = take_stack(ctx, scratch, tallies, build_id_stacks, WIRE_SPACE_USER_BUILD_ID, BPF_F_USER_BUILD_ID);
	if (flaw < 0) {
		tallies->counters.lost_stacks_full++;
		return 0;
	}
	if (bpf_map_update_elem(rows, &scratch->row.key, &scratch->row.value, BPF_NOEXIST) != 0) {
		tallies->counters.lost_map_full++;
		return 0;
	}
	tallies->rows_stored++;
	tallies->counters.kept++;
	tallies->counters.incomplete_stacks += flaw;
	return 0;
}

/* 0: it is counted, and that was all. */
static __always_inline int begin_end(struct bpf_raw_tracepoint_args *ctx, struct tallies *tallies, struct ending *ending)
{
	u64 now = bpf_ktime_get_ns();

	ending->id = bpf_get_current_pid_tgid();
	ending->registers = (const void *)ctx->args[0];
	ending->result = ctx->args[1];
	tallies->counters.seen++;
	if (!is_wanted(ending, now))
		tallies->counters.filtered++;
	else if (is_one_too_many(now))
		tallies->counters.lost_rate_limit++;
	else
		return 1;
	return 0;
}

/* One of the two is loaded, and only the tables that it uses are there. */
SEC("raw_tracepoint/sys_exit")
int call_ends(struct bpf_raw_tracepoint_args *ctx)
{
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	struct ending ending = {};

	if (!tally || !begin_end(ctx, tally, &ending))
		return 0;
	if (side == 0)
		return keep_call(ctx, tally, &ending, &rows_0, NULL, NULL);
	return keep_call(ctx, tally, &ending, &rows_1, NULL, NULL);
}

SEC("raw_tracepoint/sys_exit")
int call_ends_with_stack(struct bpf_raw_tracepoint_args *ctx)
{
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);
	struct ending ending = {};

	if (!tally || !begin_end(ctx, tally, &ending))
		return 0;
	if (side == 0)
		return keep_call(ctx, tally, &ending, &rows_0, &user_stacks_0, &build_id_stacks_0);
	return keep_call(ctx, tally, &ending, &rows_1, &user_stacks_1, &build_id_stacks_1);
}
