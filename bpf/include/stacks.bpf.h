/* Takes stacks and keeps each distinct one once, under its 64-bit hash.
 *
 *  Our own hash tables instead of BPF_MAP_TYPE_STACK_TRACE: that one indexes by a 32-bit hash and, where two stacks
 *  meet in a bucket, either drops one or silently replaces the other. At 64 bits, a table of 10^4 stacks has a chance
 *  of 3 in 10^12 that any two share a hash.
 */
#ifndef SONDE_STACKS_BPF_H
#define SONDE_STACKS_BPF_H
#include "program.bpf.h"
#include "tables.h"

#define BUILD_ID_WORDS (WIRE_MAX_FRAMES * sizeof(struct wire_build_id_frame) / sizeof(u64))

/* A stack does not fit on a program's own 512 bytes of stack: a probe keeps one of these per CPU, and finishes with one
 * stack before it takes the next. */
struct stack_scratch {
	u64 nr; /* from here on the same as stack_value and build_id_stack_value */
	union {
		u64 words[BUILD_ID_WORDS];
		struct wire_build_id_frame build_id_frames[WIRE_MAX_FRAMES];
	};
	u64 used_words;
};

/* MurmurHash2's 64-bit step: every bit of the word reaches every bit of the hash. */
static __always_inline u64 mix(u64 hash, u64 word)
{
	const u64 multiplier = 0xc6a4a7935bd1e995ull;

	word *= multiplier;
	word ^= word >> 47;
	word *= multiplier;
	return (hash ^ word) * multiplier;
}

/* Hash of what lies in the scratch; never 0, which means "no stack". The count is read anew in each turn on purpose:
 * the verifier then knows nothing about it, and all ways out of the loop look the same to it. */
static __always_inline u64 hash_scratch(struct stack_scratch *scratch, u32 max_words)
{
	volatile u64 *used_words = &scratch->used_words;
	u64 hash = 0x9e3779b97f4a7c15ull ^ *used_words;

	for (u32 i = 0; i < max_words; i++) {
		if (i >= *used_words)
			break;
		hash = mix(hash, scratch->words[i]);
	}
	hash ^= hash >> 47;
	return hash ? hash : 1;
}

/* Stores the `bytes` of frames in the scratch unless the table has them. Returns the hash, or 0 if the table is full. */
static __always_inline u64 keep_stack(void *table, struct stack_scratch *scratch, long bytes, u32 frame_bytes,
				      u64 *stored)
{
	u64 hash;

	scratch->nr = (u64)bytes / frame_bytes;
	scratch->used_words = (u64)bytes / sizeof(u64);
	hash = hash_scratch(scratch, WIRE_MAX_FRAMES * frame_bytes / sizeof(u64));
	if (bpf_map_lookup_elem(table, &hash))
		return hash;
	if (bpf_map_update_elem(table, &hash, &scratch->nr, BPF_NOEXIST) == 0) {
		*stored += 1;
		return hash;
	}
	/* Another CPU may have stored the same stack between the two calls. */
	return bpf_map_lookup_elem(table, &hash) ? hash : 0;
}
#endif
