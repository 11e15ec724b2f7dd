#ifndef SONDE_COST_H
#define SONDE_COST_H
#include <sys/types.h>
#include "wire.h"

struct bpf_object;

/* Asks the kernel to count the run time of BPF programs while we live; kernels before 5.8 cannot. */
void cost_open(void);

/* What the observer costs. `worker` may be 0 (none alive); `object` holds the programs. */
void cost_measure(struct wire_cost *cost, pid_t worker, struct bpf_object *object);
#endif
