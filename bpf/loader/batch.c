/* BEGIN, STACKS of each space, ROWS, COUNTERS, END. */
#include "batch.h"
#include "map_walk.h"
#include "probe.h"
#include "sent_keys.h"

struct stack_sink {
	struct message *message;
	enum wire_space space;
};

static int add_stack(void *context, const void *key, const void *value)
{
	const struct stack_sink *sink = context;
	const struct stack_value *stack = value; /* nr comes first in both kinds */
	size_t frame_bytes = sink->space == WIRE_SPACE_USER_BUILD_ID ? sizeof(struct wire_build_id_frame) : sizeof(u64);
	size_t nr = stack->nr < WIRE_MAX_FRAMES ? stack->nr : WIRE_MAX_FRAMES;
	struct wire_stack head = { .hash = *(const u64 *)key, .nr = (uint16_t)nr, .space = (uint8_t)sink->space };

	return message_add(sink->message, WIRE_STACKS, &head, sizeof(head), stack->frames, nr * frame_bytes);
}

struct row_sink {
	struct message *message;
	const struct run *run;
	struct sent_keys *sent;
};

static int add_row(void *context, const void *key, const void *value)
{
	const struct row_sink *sink = context;
	const struct table_set *set = &sink->run->tables;

	if (sink->run->probe->see_row)
		sink->run->probe->see_row(sink->run, key, value);
	sent_keys_add(sink->sent, key, set->key_bytes);
	return message_add(sink->message, WIRE_ROWS, key, set->key_bytes, value, set->value_bytes);
}

static int send_stacks(struct message *message, const struct table_side *at)
{
	for (int space = 0; space < STACK_SPACES; space++) {
		struct map_shape shape = { at->stacks[space], sizeof(u64), stack_value_bytes(space) };
		struct stack_sink sink = { message, (enum wire_space)space };

		if (at->stacks[space] != NO_TABLE && map_walk(&shape, add_stack, &sink) < 0)
			return -1;
	}
	return message_flush(message, WIRE_STACKS);
}

static int send_rows(struct message *message, const struct run *run, uint32_t side, uint64_t to_ns, struct tallies *sum,
		     struct sent_keys *sent)
{
	const struct table_set *set = &run->tables;
	const struct table_side *at = &set->sides[side];
	struct map_shape shape = { at->rows, set->key_bytes, set->value_bytes };
	struct row_sink sink = { message, run, sent };
	uint8_t *cell = at->cells;

	if (sum->rows_stored > 0 && map_walk(&shape, add_row, &sink) < 0)
		return -1;
	for (; cell && (cell = table_set_next_cell(set, side, cell)); cell += row_bytes(set))
		if (message_add(message, WIRE_ROWS, cell, set->key_bytes, cell + set->key_bytes, set->value_bytes) < 0)
			return -1;
	if (run->probe->add_rows && run->probe->add_rows(run, to_ns, &sum->counters, message) < 0)
		return -1;
	return message_flush(message, WIRE_ROWS);
}

int batch_send(struct message *message, const struct run *run, uint32_t side, uint64_t from_ns, uint64_t to_ns,
	       struct sent_keys *sent)
{
	const struct table_set *set = &run->tables;
	struct wire_batch_begin begin = { from_ns, to_ns };
	struct tallies sum;

	if (table_set_tally(set, side, &sum) < 0)
		return -1;
	sent_keys_begin(sent, message->batch);
	if (message_send(message, WIRE_BATCH_BEGIN, &begin, sizeof(begin)) < 0 ||
	    send_stacks(message, &set->sides[side]) < 0 || send_rows(message, run, side, to_ns, &sum, sent) < 0 ||
	    message_send(message, WIRE_COUNTERS, &sum.counters, sizeof(sum.counters)) < 0)
		return -1;
	return message_send(message, WIRE_BATCH_END, NULL, 0);
}
