/* Which side of the tables a program fills right now, and the counters of each side. */
#ifndef SONDE_SIDES_BPF_H
#define SONDE_SIDES_BPF_H
#include "program.bpf.h"
#include "tables.h"

/* Alone in its section, so the loader knows where it lies. A variable, because it is read at every event and costs two
 * instructions; a lookup costs ten. */
volatile u32 side_now SEC(".data.side");

struct gate_entry {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
};
struct gate_entry gate_0 SEC(".maps");

/* No program reads it. A map in a map, for one property: replacing its only entry returns to user space once no program
 * is still running that ran before (kernel commit 1ae80cf31938, Linux 4.20). Done after a change of side_now, no program
 * can still be filling the old side. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(values, struct gate_entry);
} gate SEC(".maps") = { .values = { [0] = &gate_0 } };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TABLE_SIDES);
	__type(key, u32);
	__type(value, struct tallies);
} tallies SEC(".maps");

/* Ask once per run of a program and keep the answer: the next answer may differ. */
static __always_inline u32 active_side(void)
{
	return side_now & 1;
}
#endif
