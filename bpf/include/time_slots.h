/* In which part of a second something happens, in a few bits.
 *
 * Slots are some hundredths of a second long and begin anew with each second of CLOCK_MONOTONIC. One is told by 1 + the
 * hundredth in which it begins, out of those of SLOT_CYCLE_S seconds: longer than any window lasts whose rows were not merged.
 *
 * There is no division in it: the compiler for 32-bit ARM in the kernel has none for 64 bits, and gives up on programs that
 * divide. What lies within some nanoseconds of an edge may be told to be on its other side.
 */
#ifndef SONDE_TIME_SLOTS_H
#define SONDE_TIME_SLOTS_H
#include "types.h"

#define SLOT_CYCLE_S 128
#define SLOT_SECOND_NS 1000000000

/* For slot_of, which cannot divide; 0 for slots of no length. */
static inline u32 slot_reciprocal(u32 hundredths)
{
	return hundredths ? (65536 + hundredths - 1) / hundredths : 0;
}

/* Upper half of a product, less what is carried from the lower halves: 2 too little at most. */
static inline __attribute__((always_inline)) u64 slot_upper_product(u64 a, u64 b)
{
	u64 a_low = (u32)a, b_low = (u32)b;

	return (a >> 32) * (b >> 32) + ((a >> 32) * b_low >> 32) + (a_low * (b >> 32) >> 32);
}

/* `hundredths`: length of a slot, 1 to 100; with its reciprocal. */
static inline __attribute__((always_inline)) u32 slot_of(u64 now_ns, u32 hundredths, u32 reciprocal)
{
	/* 2^93 / 10^9; then 2^50 / 10^7 */
	u64 second = slot_upper_product(now_ns, 0x89705F4136B4A597ULL) >> 29;
	u64 hundredth = (now_ns - second * SLOT_SECOND_NS) * 112589991 >> 50;

	if (hundredth > 99)
		hundredth = 99;
	return 1 + (second & (SLOT_CYCLE_S - 1)) * 100 + (hundredth * reciprocal >> 16) * hundredths;
}
#endif
