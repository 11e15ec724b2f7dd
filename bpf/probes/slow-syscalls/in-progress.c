#include "in-progress.h"
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include "message.h"
#include "wire.h"

/* A call in flight, as its slot had it at one moment. */
struct flight {
	uint32_t index;
	struct slot slot;
};

static int read_slot(const struct in_progress *calls, uint32_t index, struct slot *slot)
{
	if (!calls->slots)
		return bpf_map_lookup_elem(calls->slots_fd, &index, slot);
	*slot = *(const volatile struct slot *)&calls->slots[index];
	return 0;
}

static uint32_t facts_of(const struct in_progress *calls, uint32_t call)
{
	uint32_t number = call & CALL_NUMBER_MASK;

	for (int i = 0; number < FACT_NUMBERS && i < FACT_TABLES; i++)
		if (calls->config.fact_tables[i] == call >> CALL_TABLE_SHIFT)
			return calls->facts[i * FACT_NUMBERS + number];
	return calls->config.wants_others ? FACT_WANTED : 0;
}

/* The programs have asked the other conditions before they wrote the slot. */
static int is_wanted(const struct in_progress *calls, const struct slot *slot, uint64_t to_ns)
{
	return slot->start_ns && slot->start_ns <= to_ns && to_ns - slot->start_ns >= calls->config.min_ns &&
	       slot->owner >> 32 && facts_of(calls, (uint32_t)slot->owner) & FACT_WANTED;
}

static int by_beginning(const void *a, const void *b)
{
	uint64_t first = ((const struct flight *)a)->slot.start_ns, second = ((const struct flight *)b)->slot.start_ns;

	return (first > second) - (first < second);
}

/* The caller frees `flights`. */
static uint32_t find_flights(const struct in_progress *calls, uint64_t to_ns, struct flight **flights)
{
	uint32_t count = 0, room = 0;

	*flights = NULL;
	for (uint32_t index = 0; index <= calls->config.slot_mask; index++) {
		struct flight flight = { .index = index };

		if (read_slot(calls, index, &flight.slot) < 0 || !is_wanted(calls, &flight.slot, to_ns))
			continue;
		if (count == room) {
			struct flight *more = realloc(*flights, (room = room * 2 + 64) * sizeof(flight));

			if (!more)
				break;
			*flights = more;
		}
		(*flights)[count++] = flight;
	}
	if (count)
		qsort(*flights, count, sizeof(**flights), by_beginning);
	return count;
}

static FILE *open_proc(uint32_t tid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/%s", tid, name);
	return fopen(path, "re");
}

static void read_comm(struct slow_syscalls_row *row)
{
	FILE *file = open_proc(row->key.tid, "comm");
	size_t got = file ? fread(row->value.comm, 1, sizeof(row->value.comm) - 1, file) : 0;

	if (got && row->value.comm[got - 1] == '\n')
		row->value.comm[got - 1] = 0;
	if (file)
		fclose(file);
}

/* 0: the thread is not waiting in the kernel just now, and keeps its registers to itself. */
static int read_arguments(struct slow_syscalls_row *row)
{
	FILE *file = open_proc(row->key.tid, "syscall");
	unsigned long long word[CALL_ARGUMENTS];
	int got = file ? fscanf(file, "%*d %llx %llx %llx %llx %llx %llx", &word[0], &word[1], &word[2], &word[3], &word[4],
				&word[5])
		       : 0;

	if (file)
		fclose(file);
	for (int i = 0; got == CALL_ARGUMENTS && i < CALL_ARGUMENTS; i++)
		row->value.args[i] = word[i];
	return got == CALL_ARGUMENTS;
}

/* In pieces that end with a page: what follows a path may be nobody's memory. */
static void read_path(struct slow_syscalls_row *row, uint64_t address)
{
	char *path = row->value.path;
	size_t have = 0, wanted = PATH_BYTES - 1, page = 4096;

	while (have < wanted && !memchr(path, 0, have)) {
		size_t piece = page - (address + have) % page;
		struct iovec here = { path + have, piece < wanted - have ? piece : wanted - have };
		struct iovec there = { (void *)(uintptr_t)(address + have), here.iov_len };

		if (process_vm_readv((pid_t)row->key.tid, &here, 1, &there, 1, 0) != (ssize_t)here.iov_len)
			break;
		have += here.iov_len;
	}
}

/* 0: it returned meanwhile, and what was read may be of the thread's next call. */
static int fill_row(const struct in_progress *calls, const struct flight *flight, uint64_t to_ns,
		    struct slow_syscalls_row *row)
{
	const struct slot *slot = &flight->slot;
	uint32_t facts = facts_of(calls, (uint32_t)slot->owner);
	struct slot now;

	memset(row, 0, sizeof(*row));
	row->key = (struct slow_syscalls_key){ slot->start_ns, (uint32_t)(slot->owner >> 32), (uint32_t)slot->owner };
	row->value.duration_ns = to_ns - slot->start_ns;
	row->value.tgid = slot->tgid;
	row->value.life = slot->life;
	row->value.file = NO_FILE;
	read_comm(row);
	if (read_arguments(row)) {
		if (file_argument(facts))
			row->value.file = (s32)row->value.args[file_argument(facts) - 1];
		if (path_argument(facts))
			read_path(row, row->value.args[path_argument(facts) - 1]);
	}
	return read_slot(calls, flight->index, &now) == 0 && now.owner == slot->owner && now.start_ns == slot->start_ns;
}

int in_progress_add(const struct in_progress *calls, uint64_t to_ns, struct message *message)
{
	struct flight *flights;
	uint32_t count;
	int result = 0;

	if (calls->config.only_error) /* none that has not returned has one */
		return 0;
	count = find_flights(calls, to_ns, &flights);
	for (uint32_t i = 0; i < count && i < calls->config.per_second && result == 0; i++) {
		struct slow_syscalls_row row;

		if (fill_row(calls, &flights[i], to_ns, &row))
			result = message_add(message, WIRE_ROWS, &row.key, sizeof(row.key), &row.value, sizeof(row.value));
	}
	free(flights);
	return result;
}
