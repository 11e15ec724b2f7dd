#include "own-flows.h"
#include <bpf/bpf.h>
#include <string.h>
#include "clock.h"
#include "flow-owners.h"
#include "quiet-flows.h"

/* From a first packet to the SSH server until a program runs there: a login may ask for a password. */
#define LOGIN_NS (30 * NS_PER_S)

static int is_own(const struct own_connection *own, const struct wire_flow *flow)
{
	return own->family && flow->family == own->family && flow->protocol == PROTOCOL_TCP &&
	       flow->local_port == own->local_port && flow->remote_port == own->remote_port &&
	       !memcmp(flow->local, own->local, sizeof(flow->local)) && !memcmp(flow->remote, own->remote, sizeof(flow->remote));
}

int own_flow_is_first(const struct net_flows_config *config, const struct wire_flow *flow)
{
	struct own_connection own = {
		.family = config->own_family,
		.local_port = config->own_local_port,
		.remote_port = config->own_remote_port,
	};

	memcpy(own.local, config->own_local, sizeof(own.local));
	memcpy(own.remote, config->own_remote, sizeof(own.remote));
	return is_own(&own, flow);
}

uint32_t own_flow_is_later(const struct look *look, const struct wire_flow *flow)
{
	for (int i = 0; i < look->own_count; i++)
		if (is_own(&look->own[i], flow))
			return !(flow->flags & WIRE_FLOW_OWN);
	return 0;
}

int own_flows_have_come(struct quiet_flows *quiet, uint64_t to_ns)
{
	struct own_connection own[MAX_OWN_CONNECTIONS];
	uint64_t callers = quiet->callers;
	uint32_t zero = 0;
	int count, is_new;

	bpf_map_lookup_elem(quiet->callers_fd, &zero, &callers);
	if (callers != quiet->callers)
		quiet->called_ns = to_ns;
	quiet->callers = callers;
	if (quiet->called_ns == 0 || to_ns - quiet->called_ns > LOGIN_NS)
		return 0;
	count = own_connections_find(own);
	is_new = count != quiet->own_count || memcmp(own, quiet->own, (size_t)count * sizeof(*own)) != 0;
	memcpy(quiet->own, own, (size_t)count * sizeof(*own));
	quiet->own_count = count;
	return is_new;
}
