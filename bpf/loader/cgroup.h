#ifndef SONDE_CGROUP_H
#define SONDE_CGROUP_H
#include <stdint.h>

/* The id that BPF programs see, of the cgroup at `path` below the cgroup2 mount. 0, or -1 with a fault raised. */
int cgroup_id(const char *path, uint64_t *id);
#endif
