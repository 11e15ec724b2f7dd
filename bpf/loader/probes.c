/* Every probe, alphabetical, one line each. */
#include <string.h>
#include "probe.h"

extern const struct probe cpu_profile_probe;
extern const struct probe slow_syscalls_probe;
extern const struct probe syscalls_probe;

const struct probe *const PROBES[] = {
	&cpu_profile_probe,
	&slow_syscalls_probe,
	&syscalls_probe,
	NULL,
};

const struct probe *probe_find(const char *id)
{
	for (size_t i = 0; PROBES[i]; i++)
		if (!strcmp(PROBES[i]->id, id))
			return PROBES[i];
	return NULL;
}
