/* Reads and empties hash tables that no program writes meanwhile. */
#ifndef SONDE_MAP_WALK_H
#define SONDE_MAP_WALK_H
#include <stdint.h>

struct map_shape {
	int fd;
	uint32_t key_bytes, value_bytes;
};

/* Called for each entry; not 0 ends the walk with that result. */
typedef int (*map_visit)(void *context, const void *key, const void *value);

/* 0, -errno, or what `visit` returned. */
int map_walk(const struct map_shape *shape, map_visit visit, void *context);

/* 0 or -errno. Safe to repeat after having been interrupted anywhere. */
int map_clear(const struct map_shape *shape);

/* Takes out those of the keys that are in; gives how many. Programs may write the table. */
uint32_t map_delete_keys(int fd, const void *keys, uint32_t key_bytes, uint32_t count);

#endif
