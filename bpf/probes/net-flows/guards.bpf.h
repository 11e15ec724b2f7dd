/* Guards of flows: spin locks, each for all flows whose sockets' cookies end alike. */
#ifndef SONDE_GUARDS_BPF_H
#define SONDE_GUARDS_BPF_H
#include "program.bpf.h"

#define GUARDS 256

/* Packets of one flow come in on several CPUs at once, and a packet that goes out may be interrupted by one that comes
 * in. Whoever has the guard has interrupts off, so counters of its CPU are safe in there, too. */
#define GUARD_WORDS 10
struct guard {
	struct bpf_spin_lock lock;
	u32 pad;
	u64 words[GUARD_WORDS]; /* scratch, while one has it */
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, GUARDS);
	__type(key, u32);
	__type(value, struct guard);
} guards SEC(".maps");

static __always_inline struct guard *guard_of(u64 cookie)
{
	u32 index = cookie & (GUARDS - 1);

	return bpf_map_lookup_elem(&guards, &index);
}

/* A socket's address as a number. Before Linux 5.12 the verifier lets nobody look up a pointer, but one may be written
 * into a table and read back as a number. */
static __always_inline u64 number_of(struct bpf_sock *socket, struct guard *guard)
{
	u64 number;

	bpf_spin_lock(&guard->lock);
	*(struct bpf_sock *volatile *)&guard->words[0] = socket;
	number = *(volatile u64 *)&guard->words[0];
	bpf_spin_unlock(&guard->lock);
	return number;
}

/* Leaves the words as they are, and makes the verifier forget what it knows of them: it then looks only once at what
 * follows, instead of once for each kind of packet. */
static __always_inline void forget(u64 words[GUARD_WORDS], struct guard *guard)
{
	volatile u64 *scratch = guard->words;

	bpf_spin_lock(&guard->lock);
	for (int i = 0; i < GUARD_WORDS; i++) {
		scratch[i] = words[i];
		words[i] = scratch[i];
	}
	bpf_spin_unlock(&guard->lock);
}
#endif
