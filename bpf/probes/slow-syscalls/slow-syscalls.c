/* Options, row layout and attachment; calls that return are kept by slow-syscalls.bpf.c, others found by in-progress.c. */
#include "slow-syscalls.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "call-facts.h"
#include "cgroup.h"
#include "fault.h"
#include "in-progress.h"
#include "kernel_fault.h"
#include "object.h"
#include "perf_events.h"
#include "probe.h"
#include "registers.h"
#include "stack_limit.h"
#include "table_memory.h"

/* Thread ids beyond so many share slots. All are looked at each second, which takes a system call for each where they
 * cannot be shared with us. */
#define SHARED_SLOTS 16384
#define SLOTS 4096

EMBED_OBJECT(slow_syscalls_object, "slow-syscalls.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "pid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "tid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "cgroup", OPTION_TEXT, 0, 0, 0 },
	{ "calls", OPTION_TEXT, 0, 0, 0 }, /* code,code: see calls.h; all but waiting ones where not given */
	{ "min-us", OPTION_INTEGER, 0, 3600000000, 10000 },
	{ "errno", OPTION_TEXT, 0, 0, 0 }, /* a number, or any */
	{ "waiting", OPTION_INTEGER, 0, 1, 0 },
	{ "stacks", OPTION_INTEGER, 0, 1, 0 },
	{ "per-second", OPTION_INTEGER, 1, 5000, 200 },
	{ "map-mb", OPTION_INTEGER, 2, 256, 16 },
	{ "facts", OPTION_TEXT, 0, 0, 0 }, /* code:fact,code:fact; what is not known of a call is not told of it either */
	{ 0 },
};

#define FIELD(member, name, kind, role) \
	{ name, offsetof(struct slow_syscalls_row, member), sizeof(((struct slow_syscalls_row *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	FIELD(value.cgroup, "cgroup", "cgroup", "key"),
	FIELD(value.tgid, "tgid", "tgid", "key"),
	FIELD(key.tid, "tid", "tid", "key"),
	FIELD(value.life, "life", "life", "key"),
	FIELD(value.comm, "comm", "comm", "key"),
	FIELD(key.call, "call", "u32", "key"),
	FIELD(key.begun_ns, "begun", "u64", "key"),
	FIELD(value.finished, "finished", "u32", "sum"),
	FIELD(value.duration_ns, "duration", "u64", "max"),
	FIELD(value.error, "errno", "u32", "max"),
	FIELD(value.result, "result", "bytes", "any"),
	FIELD(value.user_stack, "user_stack", "stack.user", "any"),
	FIELD(value.user_space, "user_space", "stack.user.space", "any"),
	FIELD(value.args, "args", "bytes", "any"),
	FIELD(value.path, "path", "text", "any"),
	FIELD(value.file, "file", "fd", "any"),
	{ 0 },
};

static const char *text_or_empty(const struct run *run, const char *name)
{
	const char *text = run_text(run, name);

	return text ? text : "";
}

static int configure(struct run *run, struct in_progress *calls, uint32_t slots)
{
	struct slow_syscalls_config *config = &calls->config;

	*config = (struct slow_syscalls_config){
		.only_tgid = run_integer_or_zero(run, "pid"),
		.only_tid = run_integer_or_zero(run, "tid"),
		.min_ns = (u64)run_integer(run, "min-us") * 1000,
		.per_second = (u32)run_integer(run, "per-second"),
		.slot_mask = slots - 1,
		.cut_frames = stack_limit(),
		.has_cgroups =
			libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_FUNC_get_current_cgroup_id, NULL) == 1,
		.registers = REGISTERS,
		.arguments = ARGUMENTS,
	};
	config->fact_tables[0] = config->registers.native_table;
	config->fact_tables[1] = config->registers.compat_table;
	config->fact_tables[2] = config->registers.x32_table;
	if (read_error(text_or_empty(run, "errno"), &config->only_error) < 0 ||
	    read_facts(calls, text_or_empty(run, "facts"), text_or_empty(run, "calls"), run_integer(run, "waiting") != 0) < 0)
		return -1;
	if (cgroup_option(run, config->has_cgroups, &config->only_cgroup) < 0)
		return -1;
	object_set(run, ".rodata.facts", calls->facts, sizeof(calls->facts));
	return object_configure(run, config, sizeof(*config));
}

static void leave_out(struct run *run)
{
	static const char *const WITHOUT_STACKS[] = { "call_ends_with_stack", "forget_exec", "forget_exit", NULL };
	static const char *const STACK_TABLES[] = { "user_stacks_0",	 "user_stacks_1", "build_id_stacks_0",
						    "build_id_stacks_1", "known",	  NULL };
	static const char *const WITH_STACKS[] = { "call_ends", NULL };
	static const char *const NOTHING[] = { NULL };

	if (run_integer(run, "stacks"))
		object_leave_out(run, WITH_STACKS, NOTHING);
	else
		object_leave_out(run, WITHOUT_STACKS, STACK_TABLES);
}

static int share_slots(struct in_progress *calls, const struct bpf_map *map, int can_share)
{
	size_t bytes = (size_t)bpf_map__max_entries(map) * sizeof(struct slot);
	void *memory = can_share ? mmap(NULL, bytes, PROT_READ, MAP_SHARED, bpf_map__fd(map), 0) : NULL;

	calls->slots_fd = bpf_map__fd(map);
	if (memory == MAP_FAILED)
		return kernel_fault(errno, "cannot share tables with the programs");
	calls->slots = memory;
	return 0;
}

static int open_slow_syscalls(struct run *run)
{
	struct in_progress *calls = run->own = calloc(1, sizeof(*calls));
	int can_share = object_can_share();
	uint32_t slots = can_share ? SHARED_SLOTS : SLOTS;
	struct bpf_map *map;

	if (!calls)
		return kernel_fault(ENOMEM, "cannot start");
	if (object_open(run, slow_syscalls_object_begin, slow_syscalls_object_end) < 0 || configure(run, calls, slots) < 0)
		return -1;
	leave_out(run);
	map = bpf_object__find_map_by_name(run->object, "slots");
	bpf_map__set_max_entries(map, slots);
	if (can_share)
		bpf_map__set_map_flags(map, BPF_F_MMAPABLE);
	table_memory_share(run, (uint64_t)run_integer(run, "per-second"), (uint64_t)run_integer(run, "map-mb") << 20);
	return object_load(run) < 0 ? -1 : share_slots(calls, map, can_share);
}

static int attach_slow_syscalls(struct run *run)
{
	/* Ends before beginnings: no call is thought to last that has returned. */
	const struct tracepoint tracepoints[] = {
		{ "thread_ends", "sched_process_exit" },
		{ "program_begins", "sched_process_exec" },
		{ run_integer(run, "stacks") ? "call_ends_with_stack" : "call_ends", "sys_exit" },
		{ "call_begins", "sys_enter" },
		{ 0 },
	};

	if (run_integer(run, "stacks"))
		object_attach_known(run);
	run->cpus = online_cpus();
	return run->cpus == 0 ? -1 : object_attach(run, tracepoints);
}

static void detach_slow_syscalls(struct run *run)
{
	object_detach(run);
}

static void close_slow_syscalls(struct run *run)
{
	object_close(run);
	free(run->own);
}

static int add_rows(const struct run *run, uint64_t to_ns, struct wire_counters *counters, struct message *message)
{
	(void)counters; /* a call counts when it ends */
	return in_progress_add(run->own, to_ns, message);
}

const struct probe slow_syscalls_probe = {
	.id = "slow-syscalls",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct slow_syscalls_row),
	.open = open_slow_syscalls,
	.attach = attach_slow_syscalls,
	.add_rows = add_rows,
	.detach = detach_slow_syscalls,
	.close = close_slow_syscalls,
};
