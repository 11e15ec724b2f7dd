/* Shared by BPF programs and the loader: what lies in the tables that every probe has.
 *
 *  All of a probe's tables exist twice, as side 0 and side 1. Programs fill one side while the loader reads and then
 *  empties the other; the loader turns them over about once a second (see loader/turn.h). A frozen side is therefore
 *  complete and consistent: its rows add up to its counters exactly.
 */
#ifndef SONDE_TABLES_H
#define SONDE_TABLES_H
#include "types.h"
#include "wire.h"

#define TABLE_SIDES 2
#define STACK_SPACES 3 /* enum wire_space */

/* Values of the stack tables; the key is the stack's hash. Frames beyond nr are zero. */
struct stack_value {
	u64 nr;
	u64 frames[WIRE_MAX_FRAMES];
};
struct build_id_stack_value {
	u64 nr;
	struct wire_build_id_frame frames[WIRE_MAX_FRAMES];
};

/* One per CPU and side, so that plain additions are safe: BPF's atomic ones are not, on all machines (32-bit ARM). */
struct tallies {
	struct wire_counters counters; /* seen = kept + idle + filtered + lost_…, always */
	u64 rows_stored;               /* table entries in use: tells the loader when a side fills up early */
	u64 stacks_stored[STACK_SPACES];
	u64 pad[4];
};
_Static_assert(sizeof(struct stack_value) == 1024, "stack_value");
_Static_assert(sizeof(struct build_id_stack_value) == 4072, "build_id_stack_value");
_Static_assert(sizeof(struct tallies) == 128, "tallies");
#endif
