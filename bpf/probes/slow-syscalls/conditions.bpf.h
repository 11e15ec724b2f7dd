/* Which of the calls that return are kept. Whoever includes this has `config` and `facts`. */
#ifndef SONDE_CONDITIONS_BPF_H
#define SONDE_CONDITIONS_BPF_H
#include "callers.bpf.h"
#include "slots.bpf.h"

#define NS_PER_S 1000000000ull

/* Of all CPUs, with plain additions: CPUs that add at once may let a few more through, and each counts its own. */
volatile struct {
	u64 since_ns;
	u64 used;
} second SEC(".data.second");

/* What is on the way of a call that returns. */
struct ending {
	u64 id;
	u64 begun_ns;
	u64 ns;
	const void *registers;
	s64 result;
	u32 call;
	u32 error;
	u32 facts;
	u32 life;
	u32 has_arguments; /* 0: it has begun another program, and the registers are that one's */
};

static __always_inline u32 facts_of(u32 call)
{
	u32 table = call >> CALL_TABLE_SHIFT, number = call & CALL_NUMBER_MASK;
	u32 others = config.wants_others ? FACT_WANTED : 0;

	if (number >= FACT_NUMBERS)
		return others;
	if (table == config.fact_tables[0])
		return facts[number];
	if (table == config.fact_tables[1])
		return facts[FACT_NUMBERS + number];
	if (table == config.fact_tables[2])
		return facts[2 * FACT_NUMBERS + number];
	return others;
}

/* Of a thread whose slot is another's. 0: it left nothing there either. */
static __noinline int begun_elsewhere(struct ending *ending)
{
	u32 tid = ending->id;
	struct start *start = bpf_map_lookup_elem(&starts, &tid);

	if (!start)
		return 0;
	ending->begun_ns = start->start_ns;
	ending->call = start->call;
	ending->life = life_of(ending->id >> 32);
	ending->has_arguments = 1;
	bpf_map_delete_elem(&starts, &tid);
	return 1;
}

/* 0: nobody knows when it began. */
static __always_inline int find_beginning(struct ending *ending)
{
	struct slot *slot = slot_of(ending->id);

	if (!slot || owner_of(slot) != (u32)ending->id || !slot->start_ns)
		return begun_elsewhere(ending);
	ending->begun_ns = slot->start_ns;
	ending->call = slot->owner;
	ending->life = slot->life;
	ending->has_arguments = slot->table != 0;
	slot->start_ns = 0;
	return 1;
}

static __always_inline int has_wanted_outcome(struct ending *ending)
{
	int narrow = is_narrow(ending->call);
	s64 result = narrow ? (s32)ending->result : ending->result;

	ending->error = result < 0 && result >= -MAX_ERROR ? -(u32)result : 0;
	/* What is no error is a number or an address, and has no sign. */
	ending->result = narrow && !ending->error ? (u32)result : result;
	if (config.only_error == 0)
		return 1;
	return config.only_error == ERROR_ANY ? ending->error != 0 : ending->error == config.only_error;
}

static __always_inline int is_wanted(struct ending *ending, u64 now)
{
	if (is_filtered(ending->id) || !find_beginning(ending))
		return 0;
	ending->ns = time_between(ending->begun_ns, now);
	if (ending->ns < config.min_ns || !has_wanted_outcome(ending))
		return 0;
	ending->facts = facts_of(ending->call);
	return ending->facts & FACT_WANTED;
}

static __always_inline int is_one_too_many(u64 now)
{
	if (now - second.since_ns >= NS_PER_S) {
		second.since_ns = now;
		second.used = 0;
	}
	if (second.used >= config.per_second)
		return 1;
	second.used += 1;
	return 0;
}
#endif
