#include "object.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "fault.h"
#include "kernel_fault.h"
#include "table_memory.h"

int object_open(struct run *run, const char *begin, const char *end)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "sonde");

	run->object = bpf_object__open_mem(begin, (size_t)(end - begin), &options);
	return run->object ? 0 : kernel_fault(errno, "cannot open the programs");
}

/* A section has one variable, of a type in their shared header, so its bytes are the whole section. */
void object_set(struct run *run, const char *section, const void *value, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(run->object, section);

	if (!map || bpf_map__set_initial_value(map, value, size) < 0)
		abort(); /* the header and the program are from different builds */
}

int object_configure(struct run *run, const void *config, size_t size)
{
	object_set(run, ".rodata", config, size);
	return 0;
}

void object_leave_out(struct run *run, const char *const *programs, const char *const *maps)
{
	for (; *programs; programs++)
		bpf_program__set_autoload(bpf_object__find_program_by_name(run->object, *programs), false);
	for (; *maps; maps++)
		bpf_map__set_autocreate(bpf_object__find_map_by_name(run->object, *maps), false);
}

int object_can_share(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "sonde_share", sizeof(uint32_t), sizeof(uint32_t), 1, &options);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int object_load(struct run *run)
{
	struct bpf_map *map;
	int error = bpf_object__load(run->object);

	if (error)
		return kernel_fault(-error, "cannot load the programs");
	bpf_object__for_each_map(map, run->object)
		run->map_bytes += bpf_map__autocreate(map) ? table_memory(map) : 0;
	return table_set_find(&run->tables, run->object);
}

void object_close(struct run *run)
{
	object_detach(run);
	bpf_object__close(run->object);
	run->object = NULL;
}

static int refuse_attach(int error, const char *name)
{
	if (error == ENOENT)
		return fault_raise(FAULT_kernel_no_bpf,
				   "The kernel needs CONFIG_TRACEPOINTS, and a processor with CONFIG_HAVE_SYSCALL_TRACEPOINTS.",
				   "cannot attach to %s: the kernel has no such tracepoint", name);
	kernel_fault(error, "cannot attach a program");
	return fault_wrap("%s", name);
}

int object_attach(struct run *run, const struct tracepoint *tracepoints)
{
	for (size_t i = 0; tracepoints[i].program; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(run->object, tracepoints[i].program);
		struct bpf_link *link = bpf_program__attach_raw_tracepoint(program, tracepoints[i].name);

		if (!link)
			return refuse_attach(errno, tracepoints[i].name);
		run->links[run->link_count++] = link;
	}
	return 0;
}

void object_detach(struct run *run)
{
	while (run->link_count > 0)
		bpf_link__destroy(run->links[--run->link_count]);
}

void object_attach_known(struct run *run)
{
	static const struct {
		const char *program, *tracepoint;
	} EVENTS[] = { { "forget_exec", "sched_process_exec" }, { "forget_exit", "sched_process_exit" } };

	for (size_t i = 0; i < sizeof(EVENTS) / sizeof(EVENTS[0]); i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(run->object, EVENTS[i].program);

		/* The link is held by the object's owner, this process, until it ends. */
		if (bpf_program__attach_raw_tracepoint(program, EVENTS[i].tracepoint))
			continue;
		/* Without it, stale mappings would give wrong names: build-ids are always right. */
		fprintf(stderr, "loader: cannot attach to %s: every process is sampled with build-ids\n", EVENTS[i].tracepoint);
		run->tables.known = NO_TABLE;
	}
}
