#include "table_memory.h"
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include "probe.h"

/* struct htab_elem without key and value: 48 bytes since Linux 4.11, 64-bit and 32-bit alike within a few bytes. */
#define ELEMENT_BYTES 48
#define BUCKET_BYTES 16
#define PAGE_BYTES 4096
/* Of different events: seconds' worth of rows and stacks. Most stacks repeat, most rows do not survive a second. */
#define ROWS_S 4
#define STACKS_S 2
#define BUILD_ID_STACKS_S 1
#define MIN_ENTRIES 32

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

static uint64_t power_of_two(uint64_t n)
{
	uint64_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

/* Preallocated hash table: every element at once, one spare per CPU for updates, and a page for the rest. */
static uint64_t hash_bytes(const struct bpf_map *map, uint64_t entries)
{
	uint64_t element = ELEMENT_BYTES + round_up(bpf_map__key_size(map), 8) + round_up(bpf_map__value_size(map), 8);
	uint64_t spare = (uint64_t)libbpf_num_possible_cpus();

	return round_up((entries + spare) * element, PAGE_BYTES) + round_up(power_of_two(entries) * BUCKET_BYTES, PAGE_BYTES) +
	       PAGE_BYTES;
}

static uint64_t computed_bytes(const struct bpf_map *map, uint64_t entries)
{
	uint64_t value = round_up(bpf_map__value_size(map), 8);

	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
		return hash_bytes(map, entries);
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return entries * value * (uint64_t)libbpf_num_possible_cpus() + PAGE_BYTES;
	default:
		return entries * value + PAGE_BYTES;
	}
}

static int is_hash(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_HASH || bpf_map__type(map) == BPF_MAP_TYPE_LRU_HASH;
}

uint64_t table_memory(const struct bpf_map *map)
{
	uint64_t computed = computed_bytes(map, bpf_map__max_entries(map));
	unsigned long long told = 0;
	char path[64], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %llu", &told) == 1)
			break;
	if (file)
		fclose(file);
	/* Of an array we know all; since Linux 6.1 the kernel tells its keys, too, which it does not have. */
	return is_hash(map) && told > computed ? told : computed;
}

/* Entries for so many different events per second; 0 = the map's size is not ours to choose. */
static uint64_t entries_for(const struct bpf_map *map, uint64_t events)
{
	const char *name = bpf_map__autocreate(map) ? bpf_map__name(map) : "";
	uint64_t seconds = strncmp(name, "rows_", 5) == 0	       ? ROWS_S
			   : strncmp(name, "build_id_stacks_", 16) == 0 ? BUILD_ID_STACKS_S
			   : strstr(name, "_stacks_")		       ? STACKS_S
								       : 0;
	uint64_t entries = seconds * events;

	return seconds && entries < MIN_ENTRIES ? MIN_ENTRIES : entries;
}

static uint64_t bytes_for(struct bpf_object *object, uint64_t events)
{
	struct bpf_map *map;
	uint64_t sum = 0;

	bpf_object__for_each_map(map, object) {
		uint64_t entries = entries_for(map, events);

		if (bpf_map__autocreate(map))
			sum += computed_bytes(map, entries ? entries : bpf_map__max_entries(map));
	}
	return sum;
}

void table_memory_share(struct run *run, uint64_t events_per_second, uint64_t budget_bytes)
{
	uint64_t events = events_per_second;
	struct bpf_map *map;

	/* In steps of 3 %, because the sum rises by jumps: where the number of buckets doubles. */
	while (events > MIN_ENTRIES / ROWS_S && bytes_for(run->object, events) > budget_bytes)
		events -= events / 32 + 1;
	bpf_object__for_each_map(map, run->object) {
		uint64_t entries = entries_for(map, events);

		if (entries)
			bpf_map__set_max_entries(map, (uint32_t)entries);
	}
	run->tables.max_events_per_second = (uint32_t)events_per_second;
}
