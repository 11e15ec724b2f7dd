#include "sent_keys.h"
#include <stdlib.h>
#include <string.h>
#include "map_walk.h"

#define FIRST_ROOM 256

void sent_keys_begin(struct sent_keys *sent, uint64_t batch)
{
	sent->batch = batch;
	sent->count = 0;
	sent->is_whole = 1;
}

void sent_keys_add(struct sent_keys *sent, const void *key, uint32_t key_bytes)
{
	if (sent->count == sent->room) {
		uint32_t room = sent->room ? sent->room * 2 : FIRST_ROOM;
		uint8_t *more = realloc(sent->keys, (size_t)room * key_bytes);

		if (!more) {
			sent->is_whole = 0;
			return;
		}
		sent->keys = more;
		sent->room = room;
	}
	memcpy(sent->keys + (size_t)sent->count++ * key_bytes, key, key_bytes);
}

int sent_keys_delete(struct sent_keys *sent, uint64_t batch, int table_fd, uint32_t key_bytes)
{
	int is_known = sent->is_whole && sent->batch == batch;

	/* What is empty already was emptied before. */
	sent->is_whole = 0;
	return is_known && map_delete_keys(table_fd, sent->keys, key_bytes, sent->count) == sent->count ? 0 : -1;
}
