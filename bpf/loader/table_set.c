#include "table_set.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "kernel_fault.h"
#include "map_walk.h"

static const char *const STACK_NAMES[STACK_SPACES] = {
	[WIRE_SPACE_KERNEL] = "kernel_stacks",
	[WIRE_SPACE_USER] = "user_stacks",
	[WIRE_SPACE_USER_BUILD_ID] = "build_id_stacks",
};

static const struct bpf_map *find(struct bpf_object *object, const char *name, int side)
{
	char full[32];

	if (side < 0)
		return bpf_object__find_map_by_name(object, name);
	snprintf(full, sizeof(full), "%s_%d", name, side);
	return bpf_object__find_map_by_name(object, full);
}

static int fd_of(struct bpf_object *object, const char *name, int side)
{
	const struct bpf_map *map = find(object, name, side);

	return map && bpf_map__autocreate(map) ? bpf_map__fd(map) : NO_TABLE;
}

/* 0, or -1 with a fault raised. */
static int share_cells(struct table_set *set, struct bpf_object *object, int side)
{
	const struct bpf_map *map = find(object, "cells", side);
	void *memory;

	if (!map || bpf_map__max_entries(map) < 2)
		return 0;
	set->cell_count = bpf_map__max_entries(map);
	memory = mmap(NULL, (size_t)set->cell_count * row_bytes(set), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return kernel_fault(errno, "cannot share tables with the programs");
	set->sides[side].cells = memory;
	return 0;
}

int table_set_find(struct table_set *set, struct bpf_object *object)
{
	const struct bpf_map *rows = find(object, "rows", 0);

	set->side_now = fd_of(object, ".data.side", -1);
	set->gate = fd_of(object, "gate", -1);
	set->gate_entry = fd_of(object, "gate", 0);
	set->tallies = fd_of(object, "tallies", -1);
	set->known = fd_of(object, "known", -1);
	set->key_bytes = bpf_map__key_size(rows);
	set->value_bytes = bpf_map__value_size(rows);
	set->row_capacity = bpf_map__max_entries(rows);
	for (int space = 0; space < STACK_SPACES; space++) {
		const struct bpf_map *stacks = find(object, STACK_NAMES[space], 0);

		set->stack_capacity[space] = stacks && bpf_map__autocreate(stacks) ? bpf_map__max_entries(stacks) : 0;
	}
	for (uint32_t side = 0; side < TABLE_SIDES; side++) {
		struct table_side *at = &set->sides[side];

		at->rows = fd_of(object, "rows", (int)side);
		for (int space = 0; space < STACK_SPACES; space++)
			at->stacks[space] = fd_of(object, STACK_NAMES[space], (int)side);
		if (share_cells(set, object, (int)side) < 0)
			return -1;
	}
	return 0;
}

int table_set_turn(const struct table_set *set, uint32_t side)
{
	uint32_t zero = 0;

	if (bpf_map_update_elem(set->side_now, &zero, &side, BPF_ANY) < 0)
		return -1;
	return bpf_map_update_elem(set->gate, &zero, &set->gate_entry, BPF_ANY);
}

int table_set_tally(const struct table_set *set, uint32_t side, struct tallies *sum)
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t *words = (uint64_t *)sum;
	struct tallies *each;

	memset(sum, 0, sizeof(*sum));
	each = cpus > 0 ? calloc((size_t)cpus, sizeof(*each)) : NULL;
	if (!each || bpf_map_lookup_elem(set->tallies, &side, each) < 0) {
		free(each);
		return -1;
	}
	for (int cpu = 0; cpu < cpus; cpu++)
		for (size_t i = 0; i < sizeof(*sum) / sizeof(*words); i++)
			words[i] += ((const uint64_t *)&each[cpu])[i];
	free(each);
	return 0;
}

int table_set_is_filling(const struct table_set *set, uint32_t side)
{
	struct tallies sum;

	if (table_set_tally(set, side, &sum) < 0)
		return 0;
	if (sum.rows_stored > set->row_capacity / 2)
		return 1;
	for (int space = 0; space < STACK_SPACES; space++)
		if (sum.stacks_stored[space] > set->stack_capacity[space] / 2)
			return 1;
	return 0;
}

uint8_t *table_set_next_cell(const struct table_set *set, uint32_t side, uint8_t *cell)
{
	uint8_t *cells = set->sides[side].cells, *end = cells + (size_t)set->cell_count * row_bytes(set);

	for (; cell < end; cell += row_bytes(set))
		if (*(const uint64_t *)cell)
			return cell;
	return NULL;
}

static void clear_cells(const struct table_set *set, uint32_t side)
{
	uint8_t *cell = set->sides[side].cells;

	while (cell && (cell = table_set_next_cell(set, side, cell)))
		memset(cell, 0, row_bytes(set));
}

static int clear_tally(const struct table_set *set, uint32_t side)
{
	int cpus = libbpf_num_possible_cpus(), result = -1;
	struct tallies *zeros = cpus > 0 ? calloc((size_t)cpus, sizeof(*zeros)) : NULL;

	if (zeros)
		result = bpf_map_update_elem(set->tallies, &side, zeros, BPF_ANY);
	free(zeros);
	return result;
}

int table_set_clear(const struct table_set *set, uint32_t side, int has_rows)
{
	const struct table_side *at = &set->sides[side];
	struct map_shape rows = { at->rows, set->key_bytes, set->value_bytes };
	struct tallies sum;

	if (table_set_tally(set, side, &sum) < 0)
		return -1;
	/* Walking an empty table takes as long as its capacity is great. */
	if (has_rows && sum.rows_stored > 0 && map_clear(&rows) < 0)
		return -1;
	clear_cells(set, side);
	for (int space = 0; space < STACK_SPACES; space++) {
		struct map_shape stacks = { at->stacks[space], sizeof(u64), stack_value_bytes(space) };

		if (at->stacks[space] != NO_TABLE && map_clear(&stacks) < 0)
			return -1;
	}
	return clear_tally(set, side);
}
