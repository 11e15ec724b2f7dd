/* The tables of a running probe, by their descriptors; include/tables.h says what lies in them. */
#ifndef SONDE_TABLE_SET_H
#define SONDE_TABLE_SET_H
#include <stdint.h>
#include "tables.h"

struct bpf_object;

#define NO_TABLE (-1)

struct table_side {
	int rows;
	uint8_t *cells; /* memory shared with the programs, see include/cells.bpf.h; NULL where a probe has none */
	int stacks[STACK_SPACES]; /* NO_TABLE where a probe has none; likewise below */
};

struct table_set {
	struct table_side sides[TABLE_SIDES];
	int side_now; /* see include/sides.bpf.h; likewise the next two */
	int gate;
	int gate_entry;
	int tallies;
	int known;
	uint32_t key_bytes, value_bytes; /* of rows; a row on the wire is the key followed by the value */
	uint32_t row_capacity;           /* of one side; likewise below */
	uint32_t cell_count;
	uint32_t stack_capacity[STACK_SPACES];
	uint32_t max_events_per_second;  /* what the programs can see at most: how often to look for a full side */
};

static inline uint32_t stack_value_bytes(int space)
{
	return space == WIRE_SPACE_USER_BUILD_ID ? sizeof(struct build_id_stack_value) : sizeof(struct stack_value);
}

static inline uint32_t row_bytes(const struct table_set *set)
{
	return set->key_bytes + set->value_bytes;
}

/* The first cell in use at or after `cell`, or NULL. */
uint8_t *table_set_next_cell(const struct table_set *set, uint32_t side, uint8_t *cell);

/* Finds the tables by the names that the headers in include/ and the probes give them, in a loaded object. 0, or -1 with
 * a fault raised. */
int table_set_find(struct table_set *set, struct bpf_object *object);

/* Makes `side` the one that programs fill. Returns when no program can still be filling the other. */
int table_set_turn(const struct table_set *set, uint32_t side);

/* Sum of the counters over all CPUs. */
int table_set_tally(const struct table_set *set, uint32_t side, struct tallies *sum);

/* Whether any table of the side is more than half full. */
int table_set_is_filling(const struct table_set *set, uint32_t side);

/* Empties rows, where there are any, stacks and counters of a side that no program writes. */
int table_set_clear(const struct table_set *set, uint32_t side, int has_rows);

#endif
