#include "capture_sockets.h"
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "capture_hash.h"
#include "socket_owners.h"

/* 4 MB at most; a box with more connections gets names for these. */
#define MAX_SOCKETS 65536u
#define BUCKETS 16384u
#define MAX_ADDRESSES 512

struct entry {
	struct socket_end end;
	struct capture_process process;
	uint32_t next; /* index + 1 */
};

static struct {
	struct entry *entries;
	uint32_t count, room;
	uint32_t buckets[BUCKETS]; /* index + 1 */
	uint64_t own_netns;
	int address_count;
	struct {
		uint8_t family;
		uint8_t bytes[16];
	} addresses[MAX_ADDRESSES];
} table;

static const uint8_t ANY[16];

static int is_loopback(uint8_t family, const uint8_t address[16])
{
	return family == 4 ? address[0] == 127 : !memcmp(address, &in6addr_loopback, 16);
}

static void add_address(uint8_t family, const void *bytes, size_t size)
{
	if (table.address_count == MAX_ADDRESSES)
		return;
	table.addresses[table.address_count].family = family;
	memset(table.addresses[table.address_count].bytes, 0, 16);
	memcpy(table.addresses[table.address_count++].bytes, bytes, size);
}

static void look_at_addresses(void)
{
	struct ifaddrs *list;

	table.address_count = 0;
	if (getifaddrs(&list) < 0)
		return;
	for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET)
			add_address(4, &((const struct sockaddr_in *)(const void *)at->ifa_addr)->sin_addr, 4);
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET6)
			add_address(6, &((const struct sockaddr_in6 *)(const void *)at->ifa_addr)->sin6_addr, 16);
	}
	freeifaddrs(list);
}

int capture_sockets_is_local(uint8_t family, const uint8_t address[16])
{
	if (is_loopback(family, address))
		return 1;
	for (int i = 0; i < table.address_count; i++)
		if (table.addresses[i].family == family && !memcmp(table.addresses[i].bytes, address, 16))
			return 1;
	return 0;
}

static int grow(void)
{
	uint32_t room = table.room ? table.room * 2 : 512;
	struct entry *entries;

	if (table.count < table.room)
		return 0;
	if (table.room >= MAX_SOCKETS)
		return -1;
	entries = realloc(table.entries, room * sizeof(*entries));
	if (!entries)
		return -1;
	table.entries = entries;
	table.room = room;
	return 0;
}

/* A container may listen at a port where somebody else listens on the box: of its sockets only connections tell. */
static int is_of_use(const struct socket_seen *seen)
{
	if (seen->tgid == 0)
		return 0;
	return seen->netns == table.own_netns || (seen->remote_port && !is_loopback(seen->family, seen->local));
}

static void take(void *arg, const struct socket_seen *seen)
{
	struct entry *entry;
	uint32_t *bucket;

	(void)arg;
	if (!is_of_use(seen) || grow() < 0)
		return;
	entry = &table.entries[table.count++];
	memset(entry, 0, sizeof(*entry));
	memcpy(entry->end.local, seen->local, 16);
	memcpy(entry->end.remote, seen->remote, 16);
	entry->end.local_port = seen->local_port;
	entry->end.remote_port = seen->remote_port;
	entry->end.protocol = seen->protocol;
	/* Without an address an IPv6 socket hears IPv4, too. */
	entry->end.family = memcmp(seen->local, ANY, 16) ? seen->family : 0;
	entry->process.tgid = seen->tgid;
	memcpy(entry->process.comm, seen->comm, CAPTURE_COMM_LEN);
	bucket = &table.buckets[capture_hash(&entry->end, sizeof(entry->end)) % BUCKETS];
	entry->next = *bucket;
	*bucket = table.count;
}

void capture_sockets_look(void)
{
	table.count = 0;
	memset(table.buckets, 0, sizeof(table.buckets));
	table.own_netns = socket_owners_own_netns();
	look_at_addresses();
	socket_owners_look(take, NULL);
}

static const struct capture_process *find(const struct socket_end *end)
{
	uint32_t at = table.buckets[capture_hash(end, sizeof(*end)) % BUCKETS];

	for (; at; at = table.entries[at - 1].next)
		if (!memcmp(&table.entries[at - 1].end, end, sizeof(*end)))
			return &table.entries[at - 1].process;
	return NULL;
}

struct socket_owner capture_sockets_find(const struct socket_end *end, int is_any_address)
{
	struct socket_owner owner = { .process = find(end), .is_exact = 1 };
	struct socket_end bound = *end;

	if (owner.process)
		return owner;
	owner.is_exact = 0;
	memset(bound.remote, 0, 16);
	bound.remote_port = 0;
	owner.process = find(&bound);
	if (owner.process || !(is_any_address || capture_sockets_is_local(end->family, end->local)))
		return owner;
	memset(bound.local, 0, 16);
	bound.family = 0;
	owner.process = find(&bound);
	return owner;
}
