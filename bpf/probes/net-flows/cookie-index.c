#include "cookie-index.h"
#include <stdlib.h>

#define FIRST_SLOTS 256

/* The one that has it, or would get it. */
static struct cookie_place *slot_of(const struct cookie_index *index, uint64_t cookie)
{
	uint32_t mask = index->slot_count - 1, slot = (uint32_t)(cookie * 0x9e3779b97f4a7c15ull >> 32) & mask;

	while (index->slots[slot].cookie && index->slots[slot].cookie != cookie)
		slot = (slot + 1) & mask;
	return &index->slots[slot];
}

static int grow(struct cookie_index *index)
{
	struct cookie_index grown = { .slot_count = index->slot_count ? index->slot_count * 2 : FIRST_SLOTS, .count = index->count };

	grown.slots = calloc(grown.slot_count, sizeof(*grown.slots));
	if (!grown.slots)
		return -1;
	for (uint32_t i = 0; i < index->slot_count; i++)
		if (index->slots[i].cookie)
			*slot_of(&grown, index->slots[i].cookie) = index->slots[i];
	free(index->slots);
	*index = grown;
	return 0;
}

int cookie_index_add(struct cookie_index *index, uint64_t cookie, uint32_t place)
{
	struct cookie_place *slot;

	if (cookie == 0 || (index->count * 2 >= index->slot_count && grow(index) < 0))
		return -1;
	slot = slot_of(index, cookie);
	index->count += slot->cookie == 0;
	*slot = (struct cookie_place){ cookie, place };
	return 0;
}

uint32_t cookie_index_find(const struct cookie_index *index, uint64_t cookie)
{
	const struct cookie_place *slot = index->count && cookie ? slot_of(index, cookie) : NULL;

	return slot && slot->cookie ? slot->place : COOKIE_UNKNOWN;
}

void cookie_index_free(struct cookie_index *index)
{
	free(index->slots);
	*index = (struct cookie_index){ 0 };
}
