/* Options, row layout and attachment; messages are copied by dns.bpf.c. */
#include "dns.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "cgroup.h"
#include "object.h"
#include "perf_events.h"
#include "probe.h"
#include "socket_owners.h"
#include "table_memory.h"

/* Sockets that are open at once and may still speak; 0.8 MB. */
#define OWNERS 8192

EMBED_OBJECT(dns_object, "dns.bpf.o");

static const struct option_spec OPTIONS[] = {
	{ "pid", OPTION_INTEGER, 1, 4194304, OPTION_UNSET },
	{ "cgroup", OPTION_TEXT, 0, 0, 0 },
	{ "per-second", OPTION_INTEGER, 1, 5000, 500 },
	{ "map-mb", OPTION_INTEGER, 2, 256, 16 },
	{ 0 },
};

#define FIELD(member, name, kind, role) \
	{ name, offsetof(struct dns_row, member), sizeof(((struct dns_row *)0)->member), kind, role }

static const struct row_field FIELDS[] = {
	FIELD(value.cgroup, "cgroup", "cgroup", "key"),
	FIELD(value.tgid, "tgid", "tgid", "key"),
	FIELD(value.tid, "tid", "tid", "key"),
	FIELD(value.comm, "comm", "comm", "key"),
	FIELD(value.flow, "flow", "flow", "key"),
	FIELD(key.at_ns, "at", "u64", "key"),
	FIELD(value.messages, "messages", "u32", "sum"),
	FIELD(key.incoming, "incoming", "u32", "max"),
	FIELD(value.size, "size", "u64", "max"),
	FIELD(value.message, "message", "bytes", "any"),
	{ 0 },
};

static int open_dns(struct run *run)
{
	struct dns_config config = {
		.only_tgid = run_integer_or_zero(run, "pid"),
		.per_second = (u32)run_integer(run, "per-second"),
	};

	if (object_open(run, dns_object_begin, dns_object_end) < 0 || cgroup_option(run, 1, &config.only_cgroup) < 0)
		return -1;
	object_configure(run, &config, sizeof(config));
	bpf_map__set_max_entries(bpf_object__find_map_by_name(run->object, "owners"), OWNERS);
	table_memory_share(run, config.per_second, (uint64_t)run_integer(run, "map-mb") << 20);
	return object_load(run);
}

/* What the programs know of a socket is newer than what we do. */
static void add_owner(void *arg, const struct socket_seen *socket)
{
	struct owner owner = { .netns = socket->netns, .tgid = socket->tgid };

	memcpy(owner.comm, socket->comm, sizeof(owner.comm));
	if (socket->protocol == IPPROTO_UDP && socket->tgid)
		bpf_map_update_elem(*(const int *)arg, &socket->cookie, &owner, BPF_NOEXIST);
}

static int attach_dns(struct run *run)
{
	static const char *const BEGINNINGS[] = { "socket_is_made", NULL };
	static const char *const MESSAGES[] = { "message_comes", "message_leaves", NULL };
	int owners = bpf_map__fd(bpf_object__find_map_by_name(run->object, "owners"));

	run->cpus = online_cpus();
	if (run->cpus == 0 || cgroup_attach(run, BEGINNINGS) < 0)
		return -1;
	/* No socket is made unseen between this look and the first message. */
	if (socket_owners_look(add_owner, &owners) < 0)
		fprintf(stderr, "loader: the kernel lists no sockets: those older than the probe have no process\n");
	return cgroup_attach(run, MESSAGES);
}

static void detach_dns(struct run *run)
{
	object_detach(run);
}

static void close_dns(struct run *run)
{
	object_close(run);
}

const struct probe dns_probe = {
	.id = "dns",
	.options = OPTIONS,
	.fields = FIELDS,
	.row_bytes = sizeof(struct dns_row),
	.open = open_dns,
	.attach = attach_dns,
	.detach = detach_dns,
	.close = close_dns,
};
