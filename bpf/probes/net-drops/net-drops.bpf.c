/* Counts packets that the kernel frees because it does not want them, by the reason it gives.
 *
 *      kfree_skb ──▶ reason ──▶ a row of (reason, CPU): packets
 *
 *  Needs Linux 5.3 and no BTF. Packets that are freed because they were delivered go another way (consume_skb). */
#include "net-drops.h"
#include "program.bpf.h"

const volatile struct drop_name names[DROP_NAMES] SEC(".rodata.names") = {};

#include "sides.bpf.h"

struct rows {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct net_drops_key);
	__type(value, struct net_drops_value);
};
struct rows rows_0 SEC(".maps"), rows_1 SEC(".maps");

static __always_inline u32 name_of(u32 reason)
{
	u32 subsystem = reason >> DROP_SUBSYSTEM_SHIFT;

	if (reason < DROP_REASONS)
		return reason;
	return DROP_REASONS + (subsystem < DROP_SUBSYSTEMS ? subsystem : 0);
}

/* Masked where the compiler does not see it: it knows the bounds, and would leave out what tells them to the verifier. */
static __always_inline const volatile struct drop_name *name_at(u64 number)
{
	asm volatile("%0 &= %1" : "+r"(number) : "i"(DROP_NAMES - 1));
	return &names[number];
}

static __always_inline int begin_row(void *rows, const struct net_drops_key *key)
{
	struct net_drops_value value = { .packets = 1 };

	for (u32 i = 0; i < sizeof(names[0].text); i++)
		value.cause[i] = name_at(key->number)->text[i];
	return bpf_map_update_elem(rows, key, &value, BPF_NOEXIST);
}

static __always_inline void count(struct tallies *tally, void *rows, u32 name)
{
	struct net_drops_key key = {
		.place = DROP_PLACE_KERNEL,
		.subject = bpf_get_smp_processor_id(),
		.number = name,
	};
	struct net_drops_value *row = bpf_map_lookup_elem(rows, &key);

	if (row) {
		row->packets += 1;
	} else if (begin_row(rows, &key) != 0) {
		tally->counters.lost_map_full++;
		return;
	} else {
		tally->rows_stored++;
	}
	tally->counters.kept++;
}

static __always_inline int count_drop(u32 name)
{
	u32 side = active_side();
	struct tallies *tally = bpf_map_lookup_elem(&tallies, &side);

	if (!tally)
		return 0;
	tally->counters.seen++;
	if (name_at(name)->is_no_drop)
		tally->counters.filtered++;
	else if (side == 0)
		count(tally, &rows_0, name);
	else
		count(tally, &rows_1, name);
	return 0;
}

/* One of the two is attached. */
SEC("raw_tracepoint/kfree_skb")
int drop_with_reason(struct bpf_raw_tracepoint_args *ctx)
{
	return count_drop(name_of(ctx->args[2]));
}

/* Before Linux 5.17 nobody says why. */
SEC("raw_tracepoint/kfree_skb")
int drop_without_reason(void *ctx __attribute__((unused)))
{
	return count_drop(DROP_UNTOLD);
}
