/* cgroup2: the ids of its cgroups, and programs on its root, which see the sockets of all. */
#ifndef SONDE_CGROUP_H
#define SONDE_CGROUP_H
#include <stdint.h>
#include "probe.h"

/* The id that BPF programs see, of the cgroup at `path` below the cgroup2 mount. 0, or -1 with a fault raised. */
int cgroup_id(const char *path, uint64_t *id);
/* Likewise of the probe's option `cgroup`; 0 where it was not given. `has_cgroups`: whether its programs can tell. */
int cgroup_option(const struct run *run, int has_cgroups, uint64_t *id);

/* Whether there is a cgroup2 whose root takes programs that see packets. */
int cgroup_takes_programs(void);
/* -1 with the fault of a box without. */
int cgroup_refuse(void);
/* Attaches programs by name to the root of cgroup2, in this order; the list ends with NULL. They are links of the run:
 * see object_detach(). 0, or -1 with a fault raised. */
int cgroup_attach(struct run *run, const char *const *programs);
#endif
