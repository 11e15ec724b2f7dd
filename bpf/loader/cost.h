#ifndef SONDE_COST_H
#define SONDE_COST_H
#include <sys/types.h>
#include "wire.h"

struct bpf_object;

/* Has the kernel count the run time of our programs for part of the time; kernels before 5.8 cannot. Called at
 * cost_turn_ns() or later, it begins or ends such a part. `object` holds the programs. */
void cost_turn(struct bpf_object *object, uint64_t now);
uint64_t cost_turn_ns(void);

/* What the observer costs. `worker` may be 0 (none alive). */
void cost_measure(struct wire_cost *cost, pid_t worker);
#endif
