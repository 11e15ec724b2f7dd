#include "failed-connects.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stddef.h>
#include "probe.h"
#include "quiet-flows.h"

/* The kernel's struct pt_regs, see registers.h: the first two arguments of a function, and what it gives back. */
#if defined(__x86_64__)
#define CALL_REGISTERS { 112 /* di */, 104 /* si */, 80 /* ax */ }
#elif defined(__aarch64__)
#define CALL_REGISTERS { 0, 8, 0 }
#elif defined(__arm__)
#define CALL_REGISTERS { 0, 4, 0 }
#elif defined(__riscv) && __riscv_xlen == 64
#define CALL_REGISTERS { 80 /* a0 */, 88 /* a1 */, 80 }
#else
#error "tell where this processor keeps the arguments of a function"
#endif

/* What may refuse a connection, in the order in which it is asked: security modules; other people's programs on cgroups;
 * routes, ports and memory. A kernel may be without the first, and without IPv6. */
static const struct {
	const char *function, *begins;
} WATCHED[] = {
	{ "security_socket_connect", "permission_begins" },
	{ "tcp_v4_pre_connect", "connect_begins" },
	{ "tcp_v6_pre_connect", "connect_begins" },
	{ "tcp_v6_connect", "connect_begins" },
	{ "tcp_v4_connect", "connect_begins" }, /* IPv6 calls it, too: the inner one tells */
};
#define WATCHED_COUNT (sizeof(WATCHED) / sizeof(WATCHED[0]))

void failed_connects_configure(struct net_flows_config *config)
{
	static const uint16_t REGISTERS[] = CALL_REGISTERS;

	config->first_register = REGISTERS[0];
	config->second_register = REGISTERS[1];
	config->result_register = REGISTERS[2];
	config->register_bytes = sizeof(long);
}

static int attach(struct run *run, const char *program, int at_return, const char *function)
{
	struct bpf_program *found = bpf_object__find_program_by_name(run->object, program);
	struct bpf_link *link = bpf_program__attach_kprobe(found, at_return != 0, function);

	if (!link)
		return -1;
	run->links[run->link_count++] = link;
	return 0;
}

void failed_connects_attach(struct run *run)
{
	int result = 0;

	for (size_t i = 0; i < WATCHED_COUNT; i++) {
		/* Its end first: an end without a beginning is nobody's. */
		result = attach(run, "connect_ends", 1, WATCHED[i].function);
		if (result == 0)
			result = attach(run, WATCHED[i].begins, 0, WATCHED[i].function);
	}
	if (result < 0 && !run->note)
		run->note = "this kernel does not let its functions be watched (CONFIG_KPROBES): connections that fail before a "
			    "packet leaves, such as for want of a route, are not told";
}

void failed_connects_count(const struct quiet_flows *quiet, uint32_t side, struct wire_counters *counters)
{
	static const struct failure_count NONE;
	struct failure_count count;

	if (bpf_map_lookup_elem(quiet->failures_fd, &side, &count) < 0 || (!count.rows && !count.left_out))
		return;
	counters->seen += count.left_out;
	counters->lost_rate_limit += count.left_out;
	bpf_map_update_elem(quiet->failures_fd, &side, &NONE, BPF_ANY);
}
