/* Turning the two sides over without losing or doubling a count, whatever instant a worker is killed at.
 *
 *  Where things stand is one number in memory that the keeper shares with all its workers: batch × 4 + phase. Batch n
 *  is what side n & 1 gathered. Each step may be repeated from its beginning, so a new worker simply goes on:
 *
 *   FILLING   programs fill side n & 1, the other side is empty
 *   TURNING   the other side is (being) made the active one; done when no program can still write this one
 *   FROZEN    side n & 1 is complete and nobody writes it: it is sent. Sent again under the same number after a death;
 *             the agent knows a number it has already committed
 *   CLEARING  the batch is with the keeper, whole: the side is emptied, then n + 1 is FILLING
 */
#ifndef SONDE_TURN_H
#define SONDE_TURN_H
#include <stdint.h>

enum phase { PHASE_FILLING, PHASE_TURNING, PHASE_FROZEN, PHASE_CLEARING, PHASE_COUNT };

struct turn {
	uint64_t position;  /* only ever written whole, by the one worker alive */
	uint64_t end_ns[2]; /* of batch n at n & 1: where the next one begins */
};

static inline uint64_t turn_batch(const struct turn *turn)
{
	return __atomic_load_n(&turn->position, __ATOMIC_ACQUIRE) / PHASE_COUNT;
}

static inline enum phase turn_phase(const struct turn *turn)
{
	return (enum phase)(__atomic_load_n(&turn->position, __ATOMIC_ACQUIRE) % PHASE_COUNT);
}

/* To the next phase; from CLEARING to the next batch. */
static inline void turn_advance(struct turn *turn)
{
	__atomic_fetch_add(&turn->position, 1, __ATOMIC_ACQ_REL);
}

static inline uint64_t *turn_end_ns(struct turn *turn, uint64_t batch)
{
	return &turn->end_ns[batch & 1];
}
#endif
