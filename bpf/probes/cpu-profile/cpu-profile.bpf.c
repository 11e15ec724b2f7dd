/* Counts the stacks of whatever runs, at each tick of a clock event on each CPU.
 *
 *  Needs Linux 5.3 (loops) and no BTF. Table sizes are set by the loader.
 */
#include "cpu-profile.h"
#include "known.bpf.h"
#include "sides.bpf.h"
#include "stacks.bpf.h"

const volatile struct cpu_profile_config config = {};

struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct cpu_profile_key);
	__type(value, u64);
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
struct stacks kernel_stacks_0 SEC(".maps"), kernel_stacks_1 SEC(".maps");
struct stacks user_stacks_0 SEC(".maps"), user_stacks_1 SEC(".maps");
struct build_id_stacks build_id_stacks_0 SEC(".maps"), build_id_stacks_1 SEC(".maps");

static __always_inline int is_filtered(const struct cpu_profile_key *key)
{
	return (config.only_tgid && key->tgid != config.only_tgid) ||
	       (config.only_tid && key->tid != config.only_tid) ||
	       (config.only_cpu_plus_1 && key->cpu + 1 != config.only_cpu_plus_1) ||
	       (config.only_cgroup && key->cgroup != config.only_cgroup);
}

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. */
static __always_inline int count_sample(void *ctx, struct tallies *tallies, struct stack_scratch *scratch, void *rows,
					void *kernel_stacks, void *user_stacks, void *build_id_stacks)
{
	struct wire_counters *counters = &tallies->counters;
	struct cpu_profile_key key = {};
	u64 id = bpf_get_current_pid_tgid(), one = 1, *samples;
	u32 cut_bytes = config.cut_frames * sizeof(u64);
	long kernel_bytes, user_bytes;
	int is_cut = 0;

	counters->seen++;
	if ((u32)id == 0) {
		counters->idle++;
		return 0;
	}
	key.tgid = id >> 32;
	key.tid = id;
	key.cpu = bpf_get_smp_processor_id();
	if (config.has_cgroups)
		key.cgroup = bpf_get_current_cgroup_id();
	if (is_filtered(&key)) {
		counters->filtered++;
		return 0;
	}
	bpf_get_current_comm(key.comm, sizeof(key.comm));

	/* No frames, or an error on older kernels: it was interrupted in user space. */
	kernel_bytes = bpf_get_stack(ctx, scratch->words, WIRE_MAX_FRAMES * sizeof(u64), 0);
	if (kernel_bytes > 0) {
		is_cut |= kernel_bytes >= cut_bytes;
		key.kernel_stack = keep_stack(kernel_stacks, scratch, kernel_bytes, sizeof(u64),
					      &tallies->stacks_stored[WIRE_SPACE_KERNEL]);
		if (!key.kernel_stack)
			goto lost_stack;
	}
	/* No frames: a kernel thread, or a process that has already given up its memory. */
	if (bpf_map_lookup_elem(&known, &key.tgid)) {
		key.user_space = WIRE_SPACE_USER;
		user_bytes = bpf_get_stack(ctx, scratch->words, WIRE_MAX_FRAMES * sizeof(u64), BPF_F_USER_STACK);
		if (user_bytes > 0) {
			is_cut |= user_bytes >= cut_bytes;
			key.user_stack = keep_stack(user_stacks, scratch, user_bytes, sizeof(u64),
						    &tallies->stacks_stored[WIRE_SPACE_USER]);
		}
	} else {
		key.user_space = WIRE_SPACE_USER_BUILD_ID;
		user_bytes = bpf_get_stack(ctx, scratch->words, sizeof(scratch->build_id_frames),
					   BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
		if (user_bytes > 0) {
			is_cut |= user_bytes >= cut_bytes * 4;
			key.user_stack = keep_stack(build_id_stacks, scratch, user_bytes, sizeof(struct wire_build_id_frame),
						    &tallies->stacks_stored[WIRE_SPACE_USER_BUILD_ID]);
		}
	}
	if (user_bytes > 0 && !key.user_stack)
		goto lost_stack;

	samples = bpf_map_lookup_elem(rows, &key);
	if (samples) {
		*samples += 1;
	} else if (bpf_map_update_elem(rows, &key, &one, BPF_NOEXIST) == 0) {
		tallies->rows_stored++;
	} else {
		counters->lost_map_full++;
		return 0;
	}
	counters->kept++;
	if (is_cut || (kernel_bytes <= 0 && user_bytes <= 0))
		counters->incomplete_stacks++;
	return 0;

lost_stack:
	counters->lost_stacks_full++;
	return 0;
}

SEC("perf_event")
int take_sample(void *ctx)
{
	u32 zero = 0, side = active_side();
	struct stack_scratch *scratch = bpf_map_lookup_elem(&stack_scratch, &zero);
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);

	if (!scratch || !tally)
		return 0;
	if (side == 0)
		return count_sample(ctx, tally, scratch, &rows_0, &kernel_stacks_0, &user_stacks_0, &build_id_stacks_0);
	return count_sample(ctx, tally, scratch, &rows_1, &kernel_stacks_1, &user_stacks_1, &build_id_stacks_1);
}
