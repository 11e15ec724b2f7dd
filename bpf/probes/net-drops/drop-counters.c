#include "drop-counters.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "interface-drops.h"
#include "message.h"
#include "protocol-drops.h"

#define NO_BATCH (UINT64_MAX - 1)
#define BEFORE_FIRST UINT64_MAX /* first - 1 */

void counter_list_add(struct counter_list *list, struct net_drops_key key, uint64_t packets, const char *format, ...)
{
	struct net_drops_row *row = &list->at[list->count];
	va_list words;

	if (packets == 0 || list->count == MAX_DROP_COUNTERS)
		return;
	memset(row, 0, sizeof(*row));
	row->key = key;
	row->value.packets = packets;
	va_start(words, format);
	vsnprintf(row->value.cause, sizeof(row->value.cause), format, words);
	va_end(words);
	list->count++;
}

static struct counter_list *list_of(struct drop_counters *counters, uint64_t batch)
{
	return &counters->lists[batch & 1];
}

/* A worker may be killed anywhere in here: a list counts when its batch is written. */
static void read_list(struct counter_list *list, uint64_t batch)
{
	__atomic_store_n(&list->batch, NO_BATCH, __ATOMIC_RELEASE);
	list->count = 0;
	read_interface_drops(list);
	read_protocol_drops(list);
	__atomic_store_n(&list->batch, batch, __ATOMIC_RELEASE);
}

void drop_counters_begin(struct drop_counters *counters)
{
	counters->lists[0].batch = NO_BATCH;
	read_list(list_of(counters, BEFORE_FIRST), BEFORE_FIRST);
}

/* Both lists are in the order of reading, so what is looked for is mostly next. */
static const struct net_drops_row *find(const struct counter_list *list, const struct net_drops_key *key, uint32_t *next)
{
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t at = (*next + i) % list->count;

		if (!memcmp(&list->at[at].key, key, sizeof(*key))) {
			*next = at + 1;
			return &list->at[at];
		}
	}
	return NULL;
}

int drop_counters_add(struct drop_counters *counters, struct message *message)
{
	struct counter_list *now = list_of(counters, message->batch);
	const struct counter_list *before = list_of(counters, message->batch - 1);
	uint32_t next = 0;

	if (now->batch != message->batch)
		read_list(now, message->batch);
	for (uint32_t i = 0; i < now->count; i++) {
		const struct net_drops_row *old = find(before, &now->at[i].key, &next);
		struct net_drops_row row = now->at[i];

		/* Lower than before: a driver or a queue began anew. */
		if (old && row.value.packets >= old->value.packets)
			row.value.packets -= old->value.packets;
		if (row.value.packets == 0)
			continue;
		if (message_add(message, WIRE_ROWS, &row.key, sizeof(row.key), &row.value, sizeof(row.value)) < 0)
			return -1;
	}
	return 0;
}
