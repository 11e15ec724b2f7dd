/* Counts the stacks of whatever runs, at each tick of a clock event on each CPU.
 *
 *  Needs Linux 5.3 (loops) and no BTF. Table sizes are set by the loader.
 */
#include "cpu-profile.h"
#include "known.bpf.h"
#include "sides.bpf.h"
#include "stacks.bpf.h"
#include "time_slots.h"

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

/* All that one run of the program works on, outside its registers: of what lies in a map the verifier remembers nothing,
 * so the ways through the program look alike to it. With the same on the stack it takes six times as long. */
struct sample {
	struct stack_scratch stack;
	struct cpu_profile_key key;
	u64 is_cut;
	u64 has_frames;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct sample);
} sample_scratch SEC(".maps");

static __always_inline int is_filtered(const struct cpu_profile_key *key)
{
	return (config.only_tgid && key->tgid != config.only_tgid) ||
	       (config.only_tid && key->tid != config.only_tid) ||
	       (config.only_cpu_plus_1 && key->cpu + 1 != config.only_cpu_plus_1) ||
	       (config.only_cgroup && key->cgroup != config.only_cgroup);
}

/* -1 when its table is full. No frames are no failure: see the callers. */
static __always_inline int take_stack(void *ctx, struct sample *sample, struct tallies *tallies, void *table,
				      enum wire_space space, u64 flags, u64 *hash)
{
	u32 frame_bytes = space == WIRE_SPACE_USER_BUILD_ID ? sizeof(struct wire_build_id_frame) : sizeof(u64);
	long bytes = bpf_get_stack(ctx, sample->stack.words, WIRE_MAX_FRAMES * frame_bytes, flags);

	if (bytes <= 0)
		return 0;
	sample->has_frames = 1;
	if (bytes >= config.cut_frames * frame_bytes)
		sample->is_cut = 1;
	*hash = keep_stack(table, &sample->stack, bytes, frame_bytes, &tallies->stacks_stored[space]);
	return *hash ? 0 : -1;
}

static __always_inline int count_row(void *rows, const struct cpu_profile_key *key, struct tallies *tallies)
{
	u64 one = 1, *samples = bpf_map_lookup_elem(rows, key);

	if (samples) {
		*samples += 1;
		return 0;
	}
	if (bpf_map_update_elem(rows, key, &one, BPF_NOEXIST) != 0)
		return -1;
	tallies->rows_stored++;
	return 0;
}

/* Written once and compiled twice, with the tables of either side: the verifier wants to know each table. */
static __always_inline int count_sample(void *ctx, struct tallies *tallies, struct sample *sample, void *rows,
					void *kernel_stacks, void *user_stacks, void *build_id_stacks)
{
	struct wire_counters *counters = &tallies->counters;
	struct cpu_profile_key *key = &sample->key;
	u64 id = bpf_get_current_pid_tgid();
	int failed;

	counters->seen++;
	if ((u32)id == 0) {
		counters->idle++;
		return 0;
	}
	__builtin_memset(key, 0, sizeof(*key));
	sample->is_cut = sample->has_frames = 0;
	key->tgid = id >> 32;
	key->tid = id;
	key->cpu = bpf_get_smp_processor_id();
	if (config.has_cgroups)
		key->cgroup = bpf_get_current_cgroup_id();
	if (is_filtered(key)) {
		counters->filtered++;
		return 0;
	}
	if (config.slot_hundredths)
		key->slot = slot_of(bpf_ktime_get_ns(), config.slot_hundredths, config.slot_reciprocal);
	bpf_get_current_comm(key->comm, sizeof(key->comm));

	/* No frames: it was interrupted in user space. */
	failed = take_stack(ctx, sample, tallies, kernel_stacks, WIRE_SPACE_KERNEL, 0, &key->kernel_stack);
	/* No frames: a kernel thread, or a process that has already given up its memory. */
	if (failed) {
		;
	} else if (bpf_map_lookup_elem(&known, &key->tgid)) {
		key->user_space = WIRE_SPACE_USER;
		failed = take_stack(ctx, sample, tallies, user_stacks, WIRE_SPACE_USER, BPF_F_USER_STACK,
				    &key->user_stack);
	} else {
		key->user_space = WIRE_SPACE_USER_BUILD_ID;
		failed = take_stack(ctx, sample, tallies, build_id_stacks, WIRE_SPACE_USER_BUILD_ID,
				    BPF_F_USER_STACK | BPF_F_USER_BUILD_ID, &key->user_stack);
	}
	if (failed) {
		counters->lost_stacks_full++;
		return 0;
	}
	if (!key->user_stack)
		key->user_space = 0;
	if (count_row(rows, key, tallies) < 0) {
		counters->lost_map_full++;
		return 0;
	}
	counters->kept++;
	if (sample->is_cut || !sample->has_frames)
		counters->incomplete_stacks++;
	return 0;
}

SEC("perf_event")
int take_sample(void *ctx)
{
	u32 zero = 0, side = active_side();
	struct sample *sample = bpf_map_lookup_elem(&sample_scratch, &zero);
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);

	if (!sample || !tally)
		return 0;
	if (side == 0)
		return count_sample(ctx, tally, sample, &rows_0, &kernel_stacks_0, &user_stacks_0, &build_id_stacks_0);
	return count_sample(ctx, tally, sample, &rows_1, &kernel_stacks_1, &user_stacks_1, &build_id_stacks_1);
}
