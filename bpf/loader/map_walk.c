/* In batches where the kernel can (Linux 5.6, 350 ns an entry), one by one where it cannot (3,650 ns). */
#include "map_walk.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>

/* Keys and values of one batch together: big enough to make system calls rare, small enough to be of no weight. */
#define CHUNK_BYTES (64 << 10)
/* The kernel hands out whole hash buckets: fewer places than a bucket has entries, and it cannot go on. */
#define CHUNK_MIN_ENTRIES 16

typedef int (*batch_call)(int fd, void *in, void *out, void *keys, void *values, __u32 *count,
			  const struct bpf_map_batch_opts *options);

struct chunk {
	uint32_t room; /* entries */
	char *keys, *values;
};

static int chunk_resize(struct chunk *chunk, const struct map_shape *shape, uint32_t room)
{
	char *keys = realloc(chunk->keys, (size_t)room * (shape->key_bytes + shape->value_bytes));

	if (!keys)
		return -ENOMEM;
	*chunk = (struct chunk){ room, keys, keys + (size_t)room * shape->key_bytes };
	return 0;
}

static int is_unsupported(int error)
{
	return error == EINVAL || error == EOPNOTSUPP || error == 524 /* ENOTSUPP, which the kernel leaks */;
}

/* 1 = the kernel cannot do it and nothing was visited. */
static int in_batches(const struct map_shape *shape, batch_call call, map_visit visit, void *context)
{
	uint32_t fitting = CHUNK_BYTES / (shape->key_bytes + shape->value_bytes), count;
	uint32_t token = 0; /* opaque: a bucket number for hash tables */
	struct chunk chunk = { 0 };
	int is_last = 0, is_first = 1;
	int result = chunk_resize(&chunk, shape, fitting > CHUNK_MIN_ENTRIES ? fitting : CHUNK_MIN_ENTRIES);

	while (!is_last && result == 0) {
		count = chunk.room;
		if (call(shape->fd, is_first ? NULL : &token, &token, chunk.keys, chunk.values, &count, NULL) < 0) {
			if (errno == ENOSPC) { /* the next bucket alone has more entries than there is room for */
				result = chunk_resize(&chunk, shape, chunk.room * 2);
				continue;
			}
			if (errno != ENOENT) { /* ENOENT: these were the last, `count` of them */
				result = is_first && is_unsupported(errno) ? 1 : -errno;
				break;
			}
			is_last = 1;
		}
		for (uint32_t i = 0; i < count && result == 0 && visit; i++)
			result = visit(context, chunk.keys + (size_t)i * shape->key_bytes,
				       chunk.values + (size_t)i * shape->value_bytes);
		is_first = 0;
	}
	free(chunk.keys);
	return result;
}

static int one_by_one(const struct map_shape *shape, map_visit visit, void *context)
{
	char *key = calloc(2, shape->key_bytes), *value = malloc(shape->value_bytes), *next = key + shape->key_bytes;
	int result = key && value ? 0 : -ENOMEM, is_first = 1;

	while (result == 0 && bpf_map_get_next_key(shape->fd, is_first ? NULL : key, next) == 0) {
		char *swap = key;

		if (bpf_map_lookup_elem(shape->fd, next, value) < 0)
			result = -errno;
		else
			result = visit(context, next, value);
		key = next;
		next = swap;
		is_first = 0;
	}
	if (result == 0 && errno != ENOENT)
		result = -errno;
	free(key < next ? key : next);
	free(value);
	return result;
}

int map_walk(const struct map_shape *shape, map_visit visit, void *context)
{
	int result = in_batches(shape, bpf_map_lookup_batch, visit, context);

	return result == 1 ? one_by_one(shape, visit, context) : result;
}

static int clear_one_by_one(const struct map_shape *shape)
{
	char *key = malloc(shape->key_bytes);
	int result = key ? 0 : -ENOMEM;

	/* Always the first key: the one before it is gone. */
	while (result == 0 && bpf_map_get_next_key(shape->fd, NULL, key) == 0)
		if (bpf_map_delete_elem(shape->fd, key) < 0 && errno != ENOENT)
			result = -errno;
	if (result == 0 && errno != ENOENT)
		result = -errno;
	free(key);
	return result;
}

int map_clear(const struct map_shape *shape)
{
	int result = in_batches(shape, bpf_map_lookup_and_delete_batch, NULL, NULL);

	/* A batch that failed on the way has deleted some: the slow way takes the rest. */
	return result == 0 ? 0 : clear_one_by_one(shape);
}

uint32_t map_delete_keys(int fd, const void *keys, uint32_t key_bytes, uint32_t count)
{
	const char *at = keys, *end = at + (size_t)count * key_bytes;
	uint32_t deleted = 0;
	int is_slow = 0;

	while (at < end) {
		__u32 done = is_slow ? 1 : (__u32)((size_t)(end - at) / key_bytes);
		int result = is_slow ? bpf_map_delete_elem(fd, at) : bpf_map_delete_batch(fd, at, &done, NULL);

		if (result < 0 && !is_slow && is_unsupported(errno)) {
			is_slow = 1;
			continue;
		}
		deleted += result < 0 && is_slow ? 0 : done;
		/* A batch ends behind the first key that is not in. */
		at += (size_t)(result < 0 && !is_slow ? done + 1 : done) * key_bytes;
	}
	return deleted;
}
