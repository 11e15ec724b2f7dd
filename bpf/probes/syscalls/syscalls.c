/* Options, row layout and attachment of the count of system calls; counting happens in syscalls.bpf.c. */
#include "syscalls.h"
#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdio.h>
#include "cgroup.h"
#include "object.h"
#include "perf_events.h"
#include "probe.h"
#include "registers.h"
#include "table_memory.h"

#define PID_MAX_FILE "/proc/sys/kernel/pid_max"
/* Thread ids beyond so many share slots. At most an eighth of the memory goes into them. */
#define MAX_SLOTS 65536
#define SLOT_BYTES 32
#define SLOTS_SHARE 8
/* More distinct rows a second than most boxes have; at most a quarter of the memory goes into both sides. */
#define MAX_CELLS 8192
#define CELLS_SHARE 4
/* Rows, not calls: so many different ones are new in a second when hundreds of processes begin and end. */
#define MAX_NEW_ROWS_PER_SECOND 100000

EMBED_OBJECT(syscalls_object, "syscalls.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "pid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "tid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "cgroup", OPTION_TEXT, 0, 0, 0 },
	{ "map-mb", OPTION_INTEGER, 2, 256, 16 },
	{ 0 },
};

#define FIELD(member, name, kind, role) \
	{ name, offsetof(struct syscalls_row, member), sizeof(((struct syscalls_row *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	FIELD(value.cgroup, "cgroup", "cgroup", "key"),
	FIELD(value.tgid, "tgid", "tgid", "key"),
	FIELD(key.tid, "tid", "tid", "key"),
	FIELD(value.life, "life", "life", "key"),
	FIELD(value.comm, "comm", "comm", "key"),
	FIELD(key.call, "call", "u32", "key"),
	FIELD(value.error, "errno", "u32", "key"),
	FIELD(value.bucket, "bucket", "u32", "key"),
	FIELD(value.calls, "calls", "u64", "sum"),
	FIELD(value.total, "total", "u64", "sum"),
	FIELD(value.longest, "longest", "u64", "max"),
	{ 0 },
};

static uint32_t slots_for(uint64_t budget_bytes)
{
	FILE *file = fopen(PID_MAX_FILE, "re");
	unsigned pid_max = MAX_SLOTS;
	uint32_t slots = MAX_SLOTS;

	if (file && fscanf(file, "%u", &pid_max) != 1)
		pid_max = MAX_SLOTS;
	if (file)
		fclose(file);
	while (slots / 2 >= pid_max || (uint64_t)slots * SLOT_BYTES > budget_bytes / SLOTS_SHARE)
		slots /= 2;
	return slots;
}

/* Of one CPU. */
static uint32_t cells_for(uint64_t budget_bytes)
{
	uint64_t cpus = (uint64_t)libbpf_num_possible_cpus(), cells = MAX_CELLS;

	while (cells * cpus * sizeof(struct syscalls_row) * TABLE_SIDES > budget_bytes / CELLS_SHARE)
		cells /= 2;
	return cells > 1 && object_can_share() ? (uint32_t)cells : 0;
}

static void size_cells(struct run *run, uint32_t cells_per_cpu)
{
	static const char *const NAMES[TABLE_SIDES] = { "cells_0", "cells_1" };

	for (int side = 0; cells_per_cpu && side < TABLE_SIDES; side++) {
		struct bpf_map *map = bpf_object__find_map_by_name(run->object, NAMES[side]);

		bpf_map__set_max_entries(map, cells_per_cpu * (uint32_t)libbpf_num_possible_cpus());
		bpf_map__set_map_flags(map, BPF_F_MMAPABLE);
	}
}

static int configure(struct run *run, uint32_t slots, uint32_t cells_per_cpu)
{
	struct syscalls_config config = {
		.only_tgid = run_integer_or_zero(run, "pid"),
		.only_tid = run_integer_or_zero(run, "tid"),
		.slot_mask = slots - 1,
		.cells_per_cpu = cells_per_cpu,
		.has_cgroups =
			libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_FUNC_get_current_cgroup_id, NULL) == 1,
		.registers = REGISTERS,
	};

	if (cgroup_option(run, config.has_cgroups, &config.only_cgroup) < 0)
		return -1;
	return object_configure(run, &config, sizeof(config));
}

static int open_syscalls(struct run *run)
{
	uint64_t budget_bytes = (uint64_t)run_integer(run, "map-mb") << 20;
	uint32_t slots = slots_for(budget_bytes), cells_per_cpu = cells_for(budget_bytes);

	if (object_open(run, syscalls_object_begin, syscalls_object_end) < 0 || configure(run, slots, cells_per_cpu) < 0)
		return -1;
	size_cells(run, cells_per_cpu);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(run->object, "slots"), slots);
	table_memory_share(run, MAX_NEW_ROWS_PER_SECOND, budget_bytes);
	return object_load(run);
}

static int attach_syscalls(struct run *run)
{
	/* Ends before beginnings: no call is thought to last that has returned. */
	static const struct tracepoint TRACEPOINTS[] = {
		{ "thread_ends", "sched_process_exit" },
		{ "program_begins", "sched_process_exec" },
		{ "call_ends", "sys_exit" },
		{ "call_begins", "sys_enter" },
		{ 0 },
	};

	run->cpus = online_cpus();
	return run->cpus == 0 ? -1 : object_attach(run, TRACEPOINTS);
}

static void detach_syscalls(struct run *run)
{
	object_detach(run);
}

static void close_syscalls(struct run *run)
{
	object_close(run);
}

const struct probe syscalls_probe = {
	.id = "syscalls",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct syscalls_row),
	.open = open_syscalls,
	.attach = attach_syscalls,
	.detach = detach_syscalls,
	.close = close_syscalls,
};
