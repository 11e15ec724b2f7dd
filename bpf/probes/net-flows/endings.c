#include "endings.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "map_walk.h"
#include "probe.h"
#include "tracefs.h"

#define EVENT "events/sock/inet_sock_set_state"
/* With the names of all states. */
#define FORMAT_BYTES (16 << 10)

/* "	field:__u16 sport;	offset:24;	size:2;	signed:0;" The name stands before the first semicolon, or an array's bracket. */
static int find_field(const char *format, const char *name, uint16_t *offset, uint16_t *bytes)
{
	size_t length = strlen(name);
	unsigned place, size;

	for (const char *at = format; (at = strstr(at, name)); at += length) {
		const char *end = strchr(at, ';');

		if (at == format || at[-1] != ' ' || !end || (at[length] != ';' && at[length] != '['))
			continue;
		if (sscanf(end, "; offset:%u; size:%u;", &place, &size) != 2 || place > UINT16_MAX)
			return -1;
		*offset = (uint16_t)place;
		*bytes = (uint16_t)size;
		return 0;
	}
	return -1;
}

static int read_fields(const char *format, struct state_event *event)
{
	const struct {
		const char *name;
		uint16_t *offset;
	} FIELDS[] = {
		{ "skaddr", &event->socket },      { "oldstate", &event->before },     { "newstate", &event->after },
		{ "protocol", &event->protocol },  { "family", &event->family },       { "sport", &event->local_port },
		{ "dport", &event->remote_port },  { "saddr", &event->local4 },        { "daddr", &event->remote4 },
		{ "saddr_v6", &event->local6 },    { "daddr_v6", &event->remote6 },
	};

	for (size_t i = 0; i < sizeof(FIELDS) / sizeof(FIELDS[0]); i++) {
		uint16_t bytes;

		if (find_field(format, FIELDS[i].name, FIELDS[i].offset, &bytes) < 0)
			return -1;
		if (FIELDS[i].offset == &event->protocol)
			event->protocol_bytes = bytes;
	}
	return 0;
}

int endings_configure(struct net_flows_config *config)
{
	char *format = malloc(FORMAT_BYTES);
	int result = -1;

	if (format && tracefs_read(EVENT "/format", format, FORMAT_BYTES) == 0)
		result = read_fields(format, &config->event);
	free(format);
	if (result < 0)
		config->event = (struct state_event){ 0 };
	return result;
}

int endings_attach(struct run *run)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	struct bpf_link *link;
	char id[32];
	int fd;

	if (tracefs_read(EVENT "/id", id, sizeof(id)) < 0)
		return -1;
	attr.config = strtoull(id, NULL, 10);
	fd = (int)syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -1;
	link = bpf_program__attach_perf_event(bpf_object__find_program_by_name(run->object, "connection_changes"), fd);
	if (!link) {
		close(fd);
		return -1;
	}
	run->links[run->link_count++] = link;
	return 0;
}

static int take(void *context, const void *key, const void *value)
{
	struct ending_list *list = context;

	if (list->count == MAX_ENDINGS)
		return 1;
	list->keys[list->count] = *(const struct ending_key *)key;
	list->at[list->count++] = *(const struct ending *)value;
	return 0;
}

/* What an IPv6 socket says to IPv4 is IPv4. */
static void put_plain(struct ending *ending)
{
	static const uint8_t MAPPED[12] = { [10] = 0xff, 0xff };

	if (ending->family != 6 || memcmp(ending->remote, MAPPED, sizeof(MAPPED)) != 0)
		return;
	ending->family = 4;
	memmove(ending->local, ending->local + 12, 4);
	memmove(ending->remote, ending->remote + 12, 4);
	memset(ending->local + 4, 0, 12);
	memset(ending->remote + 4, 0, 12);
}

void endings_take(int fd, const struct ending_list *before, struct ending_list *list)
{
	struct map_shape shape = { fd, sizeof(struct ending_key), sizeof(struct ending) };

	map_delete_keys(fd, before->keys, sizeof(*before->keys), before->count);
	list->count = 0;
	map_walk(&shape, take, list);
	for (uint32_t i = 0; i < list->count; i++)
		put_plain(&list->at[i]);
}

static uint64_t hash_of(const uint8_t local[16], const uint8_t remote[16], uint16_t local_port, uint16_t remote_port)
{
	uint64_t words[4], hash = (uint64_t)local_port << 16 | remote_port;

	memcpy(words, local, 16);
	memcpy(words + 2, remote, 16);
	for (int i = 0; i < 4; i++) {
		hash = (hash ^ words[i]) * 0xc6a4a7935bd1e995ull;
		hash ^= hash >> 32;
	}
	return hash | 1;
}

void endings_index(const struct ending_list *list, struct cookie_index *index)
{
	*index = (struct cookie_index){ 0 };
	for (uint32_t i = 0; i < list->count; i++) {
		const struct ending *ending = &list->at[i];

		cookie_index_add(index, hash_of(ending->local, ending->remote, ending->local_port, ending->remote_port), i);
	}
}

uint32_t endings_find(const struct ending_list *list, const struct cookie_index *index, const struct wire_flow *flow)
{
	uint32_t place = cookie_index_find(index, hash_of(flow->local, flow->remote, flow->local_port, flow->remote_port));
	const struct ending *ending = place == COOKIE_UNKNOWN ? NULL : &list->at[place];

	if (!ending || flow->protocol != PROTOCOL_TCP || ending->family != flow->family ||
	    ending->local_port != flow->local_port || ending->remote_port != flow->remote_port ||
	    memcmp(ending->local, flow->local, sizeof(flow->local)) != 0 ||
	    memcmp(ending->remote, flow->remote, sizeof(flow->remote)) != 0)
		return COOKIE_UNKNOWN;
	return place;
}

void ending_put(struct net_flows_value *value, const struct ending *ending)
{
	value->closed = ending->closed_ns;
	value->connect = ending->connect_ns;
	value->closing = ending->closing_ns;
	value->close_wait = ending->close_wait_ns;
	value->error = ending->error;
	if (value->tgid || !ending->tgid)
		return;
	value->tgid = value->tid = ending->tgid;
	memcpy(value->comm, ending->comm, sizeof(value->comm));
}
