/* What tables cost in kernel memory, and how large they may be. */
#ifndef SONDE_TABLE_MEMORY_H
#define SONDE_TABLE_MEMORY_H
#include <stdint.h>

struct bpf_map;
struct run;

/* Of a created map: what the kernel tells, or what its way of allocating comes to where it tells less. */
uint64_t table_memory(const struct bpf_map *map);

/* Sizes rows and stacks of both sides of an opened, not yet loaded object so that all its tables stay within
 * `budget_bytes`: for two seconds of `events_per_second` that are all different, or as near as that can be. */
void table_memory_share(struct run *run, uint64_t events_per_second, uint64_t budget_bytes);
#endif
