/* Flows as sock_diag tells of them once a batch: for a kernel whose programs cannot see packets, because cgroup2 is not
 * mounted or not built in. */
#ifndef SONDE_POLLED_FLOWS_H
#define SONDE_POLLED_FLOWS_H
#include <stdint.h>
#include "quiet-flows.h"

struct polled_flows;

/* Looks for the first time: what was before does not count. NULL where the kernel has no sock_diag. */
struct polled_flows *polled_flows_open(const struct quiet_flows *quiet);
void polled_flows_close(struct polled_flows *polled);

/* Adds the rows of the batch that ends at `to_ns`, and their packets to its counters. -1 when the keeper is gone. */
int polled_flows_add(const struct quiet_flows *quiet, uint64_t to_ns, struct wire_counters *counters, struct message *message);
#endif
