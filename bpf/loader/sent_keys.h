/* Keys of the rows that were sent: with them a side is emptied without looking for what is in it, in half the time. A worker
 * that was killed takes its own with it, and its successor looks. */
#ifndef SONDE_SENT_KEYS_H
#define SONDE_SENT_KEYS_H
#include <stdint.h>

struct sent_keys {
	uint8_t *keys;
	uint32_t count, room;
	int is_whole; /* all of the rows of `batch` are in it */
	uint64_t batch;
};

void sent_keys_begin(struct sent_keys *sent, uint64_t batch);
/* Without memory for it they are no longer whole. */
void sent_keys_add(struct sent_keys *sent, const void *key, uint32_t key_bytes);
/* Takes them all out of a table that has no others and that nobody writes. 0, or -1 where it may not be empty now. */
int sent_keys_delete(struct sent_keys *sent, uint64_t batch, int table_fd, uint32_t key_bytes);
#endif
