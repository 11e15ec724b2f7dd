#include "socket_holds.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 2 MB of memory, and more descriptors than such a device allows. */
#define MAX_HOLDS (256u << 10)
#define MAX_HOLDERS 32768u

static int grow(void **list, uint32_t *room, uint32_t count, uint32_t limit, size_t size)
{
	uint32_t wanted = *room ? *room * 2 : 256;
	void *grown;

	if (count < *room)
		return 0;
	if (count >= limit)
		return -1;
	grown = realloc(*list, wanted * size);
	if (!grown)
		return -1;
	*list = grown;
	*room = wanted;
	return 0;
}

static uint64_t inode_of(const char *path)
{
	struct stat found;

	return stat(path, &found) < 0 ? 0 : found.st_ino;
}

static void read_comm(int tgid, char comm[SOCKET_COMM_LEN])
{
	char path[64];
	ssize_t got;
	int fd;

	memset(comm, 0, SOCKET_COMM_LEN);
	snprintf(path, sizeof(path), "/proc/%d/comm", tgid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	got = read(fd, comm, SOCKET_COMM_LEN);
	close(fd);
	if (got > 0)
		comm[got - 1] = 0; /* the line's end */
}

static void note_namespace(struct socket_holds *look, int tgid)
{
	char path[64];
	uint64_t inode;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", tgid);
	inode = inode_of(path);
	for (int i = 0; i < look->namespace_count; i++)
		if (look->namespaces[i].inode == inode)
			return;
	if (inode == 0 || look->namespace_count == MAX_NAMESPACES)
		return;
	look->namespaces[look->namespace_count].inode = inode;
	look->namespaces[look->namespace_count++].tgid = tgid;
}

static void note_hold(struct socket_holds *look, uint32_t inode, int tgid, int *is_noted)
{
	if (!*is_noted) {
		struct holder *holder;

		if (grow((void **)&look->holders, &look->holder_room, look->holder_count, MAX_HOLDERS, sizeof(*holder)) < 0)
			return;
		holder = &look->holders[look->holder_count++];
		holder->tgid = (uint32_t)tgid;
		read_comm(tgid, holder->comm);
		*is_noted = 1;
	}
	if (grow((void **)&look->holds, &look->hold_room, look->hold_count, MAX_HOLDS, sizeof(struct hold)) < 0)
		return;
	look->holds[look->hold_count++] = (struct hold){ inode, look->holder_count - 1 };
}

static void look_at_descriptors(struct socket_holds *look, int tgid)
{
	int is_noted = 0;
	struct dirent *entry;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", tgid);
	folder = opendir(path);
	if (!folder)
		return; /* it has just ended */
	while ((entry = readdir(folder))) {
		char target[64];
		ssize_t size = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);
		unsigned inode;

		target[size > 0 ? size : 0] = 0;
		if (sscanf(target, "socket:[%u]", &inode) == 1)
			note_hold(look, inode, tgid, &is_noted);
	}
	closedir(folder);
}

static void look_at_processes(struct socket_holds *look, int with_descriptors)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		int tgid = atoi(entry->d_name);

		if (tgid <= 0)
			continue;
		note_namespace(look, tgid);
		if (with_descriptors)
			look_at_descriptors(look, tgid);
	}
	closedir(folder);
}

/* In the order they were started; process 1 keeps what it handed on to a service, so it comes last. */
static int compare_holds(const void *left, const void *right, void *arg)
{
	const struct holder *holders = arg;
	const struct hold *a = left, *b = right;
	uint32_t first = holders[a->holder].tgid - 2, second = holders[b->holder].tgid - 2;

	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return first < second ? -1 : first > second;
}

/* Index of the first hold of an inode, or of a later one where it has none. */
static uint32_t first_hold(const struct socket_holds *look, uint64_t inode)
{
	uint32_t low = 0, high = look->hold_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (look->holds[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct holder *socket_holds_owner(const struct socket_holds *look, uint32_t inode, int is_connection)
{
	uint32_t from = first_hold(look, inode), to = first_hold(look, (uint64_t)inode + 1), at = from;

	if (inode == 0 || from == to)
		return NULL;
	while (is_connection && at + 1 < to && look->holders[look->holds[at + 1].holder].tgid != 1)
		at++;
	return &look->holders[look->holds[at].holder];
}

void socket_holds_look(struct socket_holds *look, int with_descriptors)
{
	memset(look, 0, sizeof(*look));
	look_at_processes(look, with_descriptors);
	if (look->hold_count)
		qsort_r(look->holds, look->hold_count, sizeof(*look->holds), compare_holds, look->holders);
}

void socket_holds_free(struct socket_holds *look)
{
	free(look->holds);
	free(look->holders);
}
