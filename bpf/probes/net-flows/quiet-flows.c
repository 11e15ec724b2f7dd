#include "quiet-flows.h"
#include <bpf/bpf.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "ended-flows.h"
#include "flow-owners.h"
#include "message.h"
#include "own-flows.h"

/* A look walks over all processes and sockets: 10 ms on a box with 200 processes, 100 ms where 10,000 sockets are. */
#define LOOK_NS (10 * NS_PER_S)
/* When the programs want one: see looks_wanted. */
#define EARLY_LOOK_NS (2 * NS_PER_S)
/* Where sockets are more than this, looks are so many times rarer. */
#define FEW_SOCKETS 1000
#define LONGEST_LOOK_NS (60 * NS_PER_S)

struct wire_flow quiet_flow_of(const struct quiet_flows *quiet, const struct socket_seen *seen, const struct owner *owner)
{
	struct wire_flow flow = {
		.cookie = seen->cookie,
		.opened_ns = owner->opened_ns,
		.netns = seen->netns,
		.local_port = seen->local_port,
		.remote_port = seen->remote_port,
		.family = seen->family,
		.protocol = seen->protocol,
		.direction = owner->direction,
	};

	memcpy(flow.local, seen->local, sizeof(flow.local));
	memcpy(flow.remote, seen->remote, sizeof(flow.remote));
	flow.flags = own_flow_is_first(&quiet->config, &flow) ? WIRE_FLOW_OWN : 0;
	return flow;
}

struct wire_flow quiet_flow_of_ending(const struct quiet_flows *quiet, const struct ending *ending)
{
	struct wire_flow flow = {
		.opened_ns = ending->begun_ns,
		.local_port = ending->local_port,
		.remote_port = ending->remote_port,
		.family = ending->family,
		.protocol = PROTOCOL_TCP,
		.direction = ending->direction,
	};

	memcpy(flow.local, ending->local, sizeof(flow.local));
	memcpy(flow.remote, ending->remote, sizeof(flow.remote));
	flow.flags = own_flow_is_first(&quiet->config, &flow) ? WIRE_FLOW_OWN : 0;
	return flow;
}

static int keep_told(struct told_flows *told, const struct wire_flow *flow)
{
	if (told->count == told->room) {
		struct wire_flow *more = realloc(told->list, (told->room * 2 + 64) * sizeof(*more));

		if (!more)
			return -1;
		told->list = more;
		told->room = told->room * 2 + 64;
	}
	told->list[told->count++] = *flow;
	return 0;
}

int quiet_flows_wants(const struct net_flows_config *config, const struct net_flows_value *value)
{
	return (!config->only_tgid || value->tgid == config->only_tgid) &&
	       (!config->only_cgroup || value->cgroup == config->only_cgroup) &&
	       (!config->only_port || value->flow.local_port == config->only_port ||
		value->flow.remote_port == config->only_port);
}

int quiet_flows_send(const struct quiet_flows *quiet, const struct net_flows_value *value, struct message *message)
{
	struct flow_key key = { .cookie = value->flow.cookie };

	if (!quiet_flows_wants(&quiet->config, value))
		return 0;
	return message_add(message, WIRE_ROWS, &key, sizeof(key), value, sizeof(*value));
}

static int send_socket(const struct look *look, const struct known_socket *socket, const struct wire_flow *flow,
		       const struct owner *owner, struct message *message)
{
	struct net_flows_value value = {
		.flow = *flow,
		.cgroup = socket->seen.cgroup,
		.tgid = owner->tgid,
		.tid = owner->tgid,
		.state = socket->seen.protocol == IPPROTO_TCP ? socket->seen.state : STATE_NONE,
		.own = own_flow_is_later(look, flow),
		.rtt = (uint64_t)socket->figures.rtt_us * 1000,
		.rtt_min = (uint64_t)socket->figures.rtt_min_us * 1000,
	};

	memcpy(value.comm, owner->comm, sizeof(value.comm));
	return quiet_flows_send(look->quiet, &value, message);
}

/* Nobody has seen a packet of it, and it was told of: it still is. */
static void keep_settled(const struct look *look, const struct known_socket *socket, struct told_flows *told)
{
	const struct owner *owner = flow_tables_owner(&look->tables, socket->seen.cookie);
	struct wire_flow flow;

	if (!owner->is_told || flow_tables_has_flow(&look->tables, socket->seen.cookie))
		return;
	flow = quiet_flow_of(look->quiet, &socket->seen, owner);
	keep_told(told, &flow);
}

static int tell_socket(struct look *look, const struct known_socket *socket, struct told_flows *told, struct message *message)
{
	const struct quiet_flows *quiet = look->quiet;
	struct flow_key key = { .cookie = socket->seen.cookie };
	struct owner owner = { 0 };
	struct flow_state state;
	int has_news = flow_owner_note(look, socket, &owner);

	if (bpf_map_lookup_elem(quiet->flows_fd, &key, &state) < 0) {
		if (!owner.is_told)
			return 0;
		state.flow = quiet_flow_of(quiet, &socket->seen, &owner);
		if (keep_told(told, &state.flow) < 0)
			return 0;
	}
	if (!has_news && !own_flow_is_later(look, &state.flow))
		return 0;
	return send_socket(look, socket, &state.flow, &owner, message);
}

/* Told at the last look, and no packet has told of their end. */
static int tell_gone(const struct look *look, struct message *message)
{
	const struct quiet_flows *quiet = look->quiet;
	int result = 0;

	for (uint32_t i = 0; i < quiet->told.count && result == 0; i++) {
		struct flow_key key = { .cookie = quiet->told.list[i].cookie };
		struct flow_state state;

		if (known_sockets_find(&look->sockets, key.cookie) ||
		    bpf_map_lookup_elem(quiet->flows_fd, &key, &state) == 0)
			continue;
		result = ended_flow_send(quiet, &quiet->told.list[i], look->to_ns, message);
	}
	return result;
}

static int look_at_sockets(struct quiet_flows *quiet, struct look *look, struct message *message)
{
	struct told_flows told = { 0 };
	int result = 0;

	look->is_first = quiet->looked_ns == 0;
	look->begun_ns = now_ns();
	quiet->looked_ns = look->to_ns;
	if (look_begin(look) < 0)
		return 0;
	look->own_count = own_connections_find(look->own);
	for (uint32_t i = 0; i < look->sockets.count && result == 0; i++) {
		const struct known_socket *socket = &look->sockets.list[i];

		if (flow_owner_is_settled(look, socket))
			keep_settled(look, socket, &told);
		else
			result = tell_socket(look, socket, &told, message);
	}
	if (result == 0)
		result = tell_gone(look, message);
	free(quiet->told.list);
	quiet->told = told;
	return result;
}

static uint64_t pause_of(const struct quiet_flows *quiet, uint64_t least_ns)
{
	uint64_t pause_ns = least_ns * quiet->socket_count / FEW_SOCKETS;

	return pause_ns < least_ns ? least_ns : pause_ns > LONGEST_LOOK_NS ? LONGEST_LOOK_NS : pause_ns;
}

static int is_time_to_look(struct quiet_flows *quiet, uint64_t to_ns)
{
	uint64_t wanted = quiet->looks_wanted, since_ns = to_ns - quiet->looked_ns;
	uint32_t zero = 0;
	int is_time = own_flows_have_come(quiet, to_ns);

	bpf_map_lookup_elem(quiet->looks_fd, &zero, &wanted);
	is_time = is_time || quiet->looked_ns == 0 || since_ns >= pause_of(quiet, LOOK_NS) ||
		  (wanted != quiet->looks_wanted && since_ns >= pause_of(quiet, EARLY_LOOK_NS));
	if (is_time)
		quiet->looks_wanted = wanted;
	return is_time;
}

int quiet_flows_add(struct quiet_flows *quiet, uint64_t to_ns, struct message *message)
{
	struct look look = { .quiet = quiet, .to_ns = to_ns, .vain = &quiet->vain };
	int result = is_time_to_look(quiet, to_ns) ? look_at_sockets(quiet, &look, message) : 0;

	/* All flows are walked over: that is for when there was a look. */
	if (result == 0 && look.begun_ns) {
		result = ended_flows_add(quiet, &look.sockets, look.begun_ns, to_ns, message);
		quiet->socket_count = look.sockets.count;
	}
	ended_flows_forget(quiet, to_ns);
	look_end(&look);
	return result;
}
