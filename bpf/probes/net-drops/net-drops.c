/* Row layout and attachment; packets are counted in net-drops.bpf.c, the kernel's own counters read by drop-counters.c. */
#include "net-drops.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "drop-counters.h"
#include "drop-reasons.h"
#include "kernel_fault.h"
#include "object.h"
#include "perf_events.h"
#include "probe.h"
#include "table_memory.h"

/* Reasons times CPUs. */
#define MAX_NEW_ROWS_PER_SECOND 1024

EMBED_OBJECT(net_drops_object, "net-drops.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "map-mb", OPTION_INTEGER, 1, 256, 16 },
	{ 0 },
};

#define FIELD(member, name, kind, role) \
	{ name, offsetof(struct net_drops_row, member), sizeof(((struct net_drops_row *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	FIELD(key.place, "where", "u32", "key"),
	FIELD(value.cause, "cause", "text", "key"),
	FIELD(value.packets, "packets", "u64", "sum"),
	{ 0 },
};

/* Counters are those of the box, also where we were started inside of a container. */
static void enter_network_of_init(void)
{
	int fd = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && setns(fd, CLONE_NEWNET) < 0)
		fprintf(stderr, "loader: counters are those of our own network namespace\n");
	if (fd >= 0)
		close(fd);
}

static int open_net_drops(struct run *run)
{
	uint64_t budget_bytes = (uint64_t)run_integer(run, "map-mb") << 20;
	struct drop_name names[DROP_NAMES];
	void *memory = mmap(NULL, sizeof(struct drop_counters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return kernel_fault(errno, "cannot share memory");
	run->own = memory;
	if (object_open(run, net_drops_object_begin, net_drops_object_end) < 0)
		return -1;
	drop_reasons_read(names);
	object_set(run, ".rodata.names", names, sizeof(names));
	table_memory_share(run, MAX_NEW_ROWS_PER_SECOND, budget_bytes);
	return object_load(run);
}

/* The kernel refuses a program that reads an argument which the tracepoint does not have. */
static int attach_program(struct run *run)
{
	static const struct tracepoint WITHOUT_REASON[] = { { "drop_without_reason", "kfree_skb" }, { 0 } };
	struct bpf_program *program = bpf_object__find_program_by_name(run->object, "drop_with_reason");
	struct bpf_link *link = bpf_program__attach_raw_tracepoint(program, "kfree_skb");

	if (!link)
		return object_attach(run, WITHOUT_REASON);
	run->links[run->link_count++] = link;
	return 0;
}

static int attach_net_drops(struct run *run)
{
	run->cpus = online_cpus();
	if (run->cpus == 0)
		return -1;
	enter_network_of_init();
	drop_counters_begin(run->own);
	return attach_program(run);
}

static int add_rows(const struct run *run, uint64_t to_ns, struct wire_counters *counters, struct message *message)
{
	(void)counters; /* they count packets that programs see */
	(void)to_ns; /* what they say now is what they said a moment ago, or belongs to the next batch */
	return drop_counters_add(run->own, message);
}

static void detach_net_drops(struct run *run)
{
	object_detach(run);
}

static void close_net_drops(struct run *run)
{
	object_close(run);
	if (run->own)
		munmap(run->own, sizeof(struct drop_counters));
}

const struct probe net_drops_probe = {
	.id = "net-drops",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct net_drops_row),
	.open = open_net_drops,
	.attach = attach_net_drops,
	.add_rows = add_rows,
	.detach = detach_net_drops,
	.close = close_net_drops,
};
