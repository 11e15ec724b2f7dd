/* Which side of the tables a program fills right now, and the counters of each side. */
#ifndef SONDE_SIDES_BPF_H
#define SONDE_SIDES_BPF_H
#include "program.bpf.h"
#include "tables.h"

struct side_number {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
};
struct side_number side_0 SEC(".maps");
struct side_number side_1 SEC(".maps");

/* A map in a map, for one property: replacing its only entry returns to user space once no running program can still
 * see the old one (kernel commit 1ae80cf31938, Linux 4.20). The loader writes the side's own number into each. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct side_number);
} turn SEC(".maps") = { .values = { [0] = &side_0 } };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TABLE_SIDES);
	__type(key, u32);
	__type(value, struct tallies);
} tallies SEC(".maps");

/* Ask once per run of a program and keep the answer: the next answer may differ. */
static __always_inline u32 active_side(void)
{
	u32 zero = 0, *side;
	void *number = bpf_map_lookup_elem(&turn, &zero);

	if (!number)
		return 0;
	side = bpf_map_lookup_elem(number, &zero);
	return side && *side == 1 ? 1 : 0;
}
#endif
