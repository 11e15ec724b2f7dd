/* Options, row layout and attachment of the CPU profile; counting happens in cpu-profile.bpf.c. */
#include "cpu-profile.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include "cgroup.h"
#include "kernel_fault.h"
#include "object.h"
#include "perf_events.h"
#include "probe.h"
#include "stack_limit.h"
#include "table_memory.h"
#include "time_slots.h"

EMBED_OBJECT(cpu_profile_object, "cpu-profile.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "hz", OPTION_INTEGER, 1, 999, 99 },
	{ "pid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "tid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "cpu", OPTION_INTEGER, 0, 1023, OPTION_UNSET },
	{ "cgroup", OPTION_TEXT, 0, 0, 0 },
	{ "slot-ms", OPTION_INTEGER, 0, 1000, 20 },
	{ "map-mb", OPTION_INTEGER, 1, 256, 16 },
	{ 0 },
};

#define KEY_FIELD(member, kind, role) \
	{ #member, offsetof(struct cpu_profile_row, key.member), sizeof(((struct cpu_profile_key *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	KEY_FIELD(cgroup, "cgroup", "key"),
	KEY_FIELD(kernel_stack, "stack.kernel", "key"),
	KEY_FIELD(user_stack, "stack.user", "key"),
	KEY_FIELD(tgid, "tgid", "key"),
	KEY_FIELD(tid, "tid", "key"),
	KEY_FIELD(cpu, "cpu", "key"),
	KEY_FIELD(user_space, "stack.user.space", "key"),
	KEY_FIELD(comm, "comm", "key"),
	KEY_FIELD(slot, "u32", "key"),
	{ "samples", offsetof(struct cpu_profile_row, samples), sizeof(u64), "u64", "sum" },
	{ 0 },
};

static int configure(struct run *run)
{
	u32 slot_hundredths = ((u32)run_integer(run, "slot-ms") + 9) / 10;
	struct cpu_profile_config config = {
		.only_tgid = run_integer_or_zero(run, "pid"),
		.only_tid = run_integer_or_zero(run, "tid"),
		.only_cpu_plus_1 = run_integer(run, "cpu") == OPTION_UNSET ? 0 : (u32)run_integer(run, "cpu") + 1,
		.cut_frames = stack_limit(),
		.slot_hundredths = slot_hundredths,
		.slot_reciprocal = slot_reciprocal(slot_hundredths),
		.has_cgroups = libbpf_probe_bpf_helper(BPF_PROG_TYPE_PERF_EVENT, BPF_FUNC_get_current_cgroup_id, NULL) != 0,
	};

	if (cgroup_option(run, config.has_cgroups, &config.only_cgroup) < 0)
		return -1;
	return object_configure(run, &config, sizeof(config));
}

static int open_profile(struct run *run)
{
	uint32_t cpus = online_cpus();

	run->own = calloc(1, sizeof(struct perf_events));
	if (!run->own)
		return kernel_fault(ENOMEM, "cannot start");
	if (cpus == 0)
		return -1;
	if (object_open(run, cpu_profile_object_begin, cpu_profile_object_end) < 0 || configure(run) < 0)
		return -1;
	table_memory_share(run, (uint64_t)cpus * (uint64_t)run_integer(run, "hz"), (uint64_t)run_integer(run, "map-mb") << 20);
	return object_load(run);
}

static int attach_profile(struct run *run)
{
	struct perf_events *events = run->own;

	object_attach_known(run);
	if (perf_events_open(events, bpf_object__find_program_by_name(run->object, "take_sample"),
			     (uint32_t)run_integer(run, "hz")) < 0)
		return -1;
	run->cpus = perf_events_count(events);
	return 0;
}

static void tend_profile(struct run *run)
{
	perf_events_tend(run->own);
}

static void detach_profile(struct run *run)
{
	perf_events_stop(run->own);
}

static void close_profile(struct run *run)
{
	if (run->own)
		perf_events_close(run->own);
	free(run->own);
	object_close(run);
}

const struct probe cpu_profile_probe = {
	.id = "cpu-profile",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct cpu_profile_row),
	.open = open_profile,
	.attach = attach_profile,
	.tend = tend_profile,
	.detach = detach_profile,
	.close = close_profile,
};
