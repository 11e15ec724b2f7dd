/* Options, row layout and attachment; packets are counted by net-flows.bpf.c, what is quiet is told by quiet-flows.c. */
#include "net-flows.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cgroup.h"
#include "ended-flows.h"
#include "endings.h"
#include "failed-connects.h"
#include "flow-owners.h"
#include "kernel_fault.h"
#include "message.h"
#include "object.h"
#include "own_connection.h"
#include "perf_events.h"
#include "polled-flows.h"
#include "probe.h"
#include "quiet-flows.h"
#include "socket-error.h"
#include "table_memory.h"

/* Flows that begin in a second; more, and the tables are looked at too seldom to be emptied in time. */
#define MAX_NEW_ROWS_PER_SECOND 20000
/* Of the memory, what a flow takes that lasts: its state, its socket's note, its owner. */
#define FLOW_BYTES 512
#define FLOWS_SHARE 2
#define MAX_FLOWS 65536
/* Connections that were asked for and are not there yet, to one flow. */
#define CALLS_SHARE 8

EMBED_OBJECT(net_flows_object, "net-flows.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "pid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "cgroup", OPTION_TEXT, 0, 0, 0 },
	{ "port", OPTION_INTEGER, 1, 65535, OPTION_UNSET },
	{ "map-mb", OPTION_INTEGER, 2, 256, 16 },
	{ 0 },
};

#define FIELD(member, name, kind, role) \
	{ name, offsetof(struct net_flows_row, value.member), sizeof(((struct net_flows_value *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	FIELD(flow, "flow", "flow", "key"),
	FIELD(cgroup, "cgroup", "cgroup", "last"),
	FIELD(tgid, "tgid", "tgid", "last"),
	FIELD(tid, "tid", "tid", "last"),
	FIELD(comm, "comm", "comm", "last"),
	FIELD(state, "state", "u32", "last"),
	FIELD(sent, "sent", "u64", "sum"),
	FIELD(received, "received", "u64", "sum"),
	FIELD(packets_sent, "packets-sent", "u64", "sum"),
	FIELD(packets_received, "packets-received", "u64", "sum"),
	FIELD(retransmits, "retransmits", "u64", "sum"),
	FIELD(out_of_order, "out-of-order", "u64", "sum"),
	FIELD(zero_windows, "zero-windows", "u64", "sum"),
	FIELD(resets, "resets", "u64", "sum"),
	FIELD(rtt, "rtt", "u64", "last"),
	FIELD(rtt_min, "rtt-min", "u64", "min"),
	FIELD(jitter, "jitter", "u64", "last"),
	FIELD(connect, "connect", "u64", "max"),
	FIELD(closing, "closing", "u64", "max"),
	FIELD(close_wait, "close-wait", "u64", "max"),
	FIELD(error, "errno", "u32", "max"),
	FIELD(closed, "closed", "u64", "max"),
	FIELD(own, "own", "u32", "max"),
	FIELD(tries, "tries", "u32", "sum"),
	{ 0 },
};

static int configure(struct run *run, struct net_flows_config *config)
{
	struct own_connection own = own_connection_find();

	*config = (struct net_flows_config){
		.only_tgid = run_integer_or_zero(run, "pid"),
		.only_port = (u16)run_integer_or_zero(run, "port"),
		.own_family = own.family,
		.own_local_port = own.local_port,
		.own_remote_port = own.remote_port,
		.has_cgroups = (uint8_t)cgroup_takes_programs(),
	};
	memcpy(config->own_local, own.local, sizeof(config->own_local));
	memcpy(config->own_remote, own.remote, sizeof(config->own_remote));
	failed_connects_configure(config);
	if (!config->has_cgroups)
		endings_configure(config);
	/* A kernel that attaches programs to cgroup2 as we do can tell cgroups apart. */
	if (cgroup_option(run, 1, &config->only_cgroup) < 0)
		return -1;
	return object_configure(run, config, sizeof(*config));
}

/* Half for what lasts, half for what one second brings. */
static void share_memory(struct run *run)
{
	/* Owners go by the order in which they are asked for: with room for some that have ended, none goes that has not. */
	static const struct {
		const char *name;
		uint32_t per_flow;
	} LASTING[] = { { "flows", 1 }, { "sockets", 1 }, { "owners", 2 } };
	uint64_t budget_bytes = (uint64_t)run_integer(run, "map-mb") << 20, flows = MAX_FLOWS;

	while (flows * FLOW_BYTES > budget_bytes / FLOWS_SHARE)
		flows /= 2;
	for (size_t i = 0; i < sizeof(LASTING) / sizeof(LASTING[0]); i++)
		bpf_map__set_max_entries(bpf_object__find_map_by_name(run->object, LASTING[i].name),
					  (uint32_t)flows * LASTING[i].per_flow);
	bpf_map__set_max_entries(bpf_object__find_map_by_name(run->object, "calls"), (uint32_t)flows / CALLS_SHARE);
	table_memory_share(run, MAX_NEW_ROWS_PER_SECOND, budget_bytes);
}

static int fd_of(const struct run *run, const char *name)
{
	return bpf_map__fd(bpf_object__find_map_by_name(run->object, name));
}

/* Without packets rows come from looks, and from what connections themselves are told. */
static int open_polled(struct run *run, struct quiet_flows *quiet)
{
	static const char *const PROGRAMS[] = { "socket_is_made", "packet_comes", "packet_leaves", "state_changes", NULL };
	static const char *const MAPS[] = { "flows", "owners", "namespaces", "arrivals", "calls", "guards", NULL };

	quiet->polled = polled_flows_open(quiet);
	if (!quiet->polled)
		return cgroup_refuse();
	run->note = "cgroup2 cannot be used on this box: flows are asked for once a second instead of seen packet by packet. "
		    "TCP only has figures; bytes after the last look at a connection, and those of one between two looks, are not told";
	object_leave_out(run, PROGRAMS, MAPS);
	if (object_load(run) < 0)
		return -1;
	quiet->failures_fd = fd_of(run, "failures");
	quiet->endings_fd = fd_of(run, "endings");
	return 0;
}

/* With packets nothing has to be put aside. */
static void leave_out_polled(struct run *run)
{
	static const char *const PROGRAMS[] = { "connection_changes", NULL }, *const MAPS[] = { "endings", NULL };

	object_leave_out(run, PROGRAMS, MAPS);
}

static int open_net_flows(struct run *run)
{
	struct quiet_flows *quiet = run->own = calloc(1, sizeof(*quiet));

	if (!quiet)
		return kernel_fault(ENOMEM, "cannot start");
	if (object_open(run, net_flows_object_begin, net_flows_object_end) < 0 || configure(run, &quiet->config) < 0)
		return -1;
	share_memory(run);
	if (!cgroup_takes_programs())
		return open_polled(run, quiet);
	leave_out_polled(run);
	if (object_load(run) < 0)
		return -1;
	quiet->flows_fd = fd_of(run, "flows");
	quiet->owners_fd = fd_of(run, "owners");
	quiet->namespaces_fd = fd_of(run, "namespaces");
	quiet->looks_fd = fd_of(run, ".data.looks");
	quiet->callers_fd = fd_of(run, ".data.callers");
	quiet->failures_fd = fd_of(run, "failures");
	return 0;
}

static int attach_polled(struct run *run)
{
	if (socket_error_find(run) < 0)
		return -1;
	failed_connects_attach(run);
	if (((const struct quiet_flows *)run->own)->config.event.protocol_bytes == 0 || endings_attach(run) < 0)
		fprintf(stderr, "loader: cannot read the tracepoint inet_sock_set_state: what becomes of connections is not told\n");
	return 0;
}

static int attach_net_flows(struct run *run)
{
	/* What a packet's flow is made of comes first. */
	static const char *const ON_SOCKETS[] = { "socket_is_made", NULL }, *const ON_PACKETS[] = { "packet_comes", "packet_leaves", NULL };
	static const struct tracepoint TRACEPOINTS[] = { { "state_changes", "inet_sock_set_state" }, { 0 } };

	const struct quiet_flows *quiet = run->own;

	run->cpus = online_cpus();
	if (run->cpus && quiet->polled)
		return attach_polled(run);
	if (run->cpus == 0 || socket_error_find(run) < 0 || cgroup_attach(run, ON_SOCKETS) < 0 || object_attach(run, TRACEPOINTS) < 0)
		return -1;
	failed_connects_attach(run);
	flow_owners_begin(run->own);
	return cgroup_attach(run, ON_PACKETS);
}

static void detach_net_flows(struct run *run)
{
	object_detach(run);
}

static void close_net_flows(struct run *run)
{
	struct quiet_flows *quiet = run->own;

	object_close(run);
	if (quiet)
		polled_flows_close(quiet->polled);
	free(quiet);
}

static void see_row(const struct run *run, const void *key, const void *value)
{
	const struct net_flows_value *row = value;

	if (row->closed && !row->tries)
		ended_flows_see(run->own, key, row);
}

static int add_rows(const struct run *run, uint64_t to_ns, struct wire_counters *counters, struct message *message)
{
	const struct quiet_flows *quiet = run->own;

	failed_connects_count(quiet, message->batch & 1, counters);
	if (quiet->polled)
		return polled_flows_add(quiet, to_ns, counters, message);
	return quiet_flows_add(run->own, to_ns, message);
}

const struct probe net_flows_probe = {
	.id = "net-flows",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct net_flows_row),
	.open = open_net_flows,
	.attach = attach_net_flows,
	.see_row = see_row,
	.add_rows = add_rows,
	.detach = detach_net_flows,
	.close = close_net_flows,
};
