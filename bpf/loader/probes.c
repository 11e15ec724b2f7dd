/* Every probe, alphabetical, one line each. */
#include <string.h>
#include "probe.h"

extern const struct probe cpu_profile_probe;
extern const struct probe dns_probe;
extern const struct probe net_drops_probe;
extern const struct probe net_flows_probe;
extern const struct probe slow_syscalls_probe;
extern const struct probe syscalls_probe;

const struct probe *const PROBES[] = {
	&cpu_profile_probe,
	&dns_probe,
	&net_drops_probe,
	&net_flows_probe,
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

int64_t run_integer(const struct run *run, const char *name)
{
	return option_get(run->probe->options, run->options, name).integer;
}

uint32_t run_integer_or_zero(const struct run *run, const char *name)
{
	int64_t value = run_integer(run, name);

	return value == OPTION_UNSET ? 0 : (uint32_t)value;
}

const char *run_text(const struct run *run, const char *name)
{
	return option_get(run->probe->options, run->options, name).text;
}
