#include "ended-flows.h"
#include <bpf/bpf.h>
#include <netinet/in.h>
#include <stdlib.h>
#include "clock.h"
#include "map_walk.h"
#include "message.h"

/* What is not TCP has no end that anyone tells. */
#define QUIET_NS (60 * NS_PER_S)
/* Last packets of a connection may come after its end, such as a reset. */
#define KEPT_NS (2 * NS_PER_S)
#define FORGOTTEN_AT_ONCE 256

struct flow_entry {
	struct flow_key key;
	struct flow_state state;
};

/* Gathered first: a table is not changed while it is walked. */
struct endings {
	const struct quiet_flows *quiet;
	const struct known_sockets *sockets;
	uint64_t looked_ns;
	uint64_t to_ns;
	struct flow_entry *list;
	uint32_t count, room;
};

int ended_flow_send(const struct quiet_flows *quiet, const struct wire_flow *flow, uint64_t to_ns, struct message *message)
{
	struct net_flows_value value = {
		.flow = *flow,
		.state = flow->protocol == PROTOCOL_TCP ? STATE_CLOSE : STATE_NONE,
		.closed = to_ns,
	};

	return quiet_flows_send(quiet, &value, message);
}

static int is_quiet(const struct endings *endings, const struct flow_state *state)
{
	return !state->is_stream && state->seen_ns + QUIET_NS < endings->to_ns;
}

/* Only where a look was, it saw the flow's namespace, and the flow was there before it. */
static int has_no_socket(const struct endings *endings, const struct flow_state *state)
{
	return endings->sockets->count && (state->flow.protocol == IPPROTO_TCP || state->flow.protocol == IPPROTO_UDP) &&
	       state->seen_ns < endings->looked_ns && state->flow.opened_ns < endings->looked_ns &&
	       !known_sockets_find(endings->sockets, state->flow.cookie) &&
	       known_sockets_has_netns(endings->sockets, state->flow.netns);
}

static int is_over(const struct endings *endings, const struct flow_state *state)
{
	/* A batch that is sent again ends at the same time as before. */
	if (state->closed_ns)
		return state->closed_ns == endings->to_ns || state->closed_ns + KEPT_NS < endings->to_ns;
	return is_quiet(endings, state) || has_no_socket(endings, state);
}

static int gather(void *context, const void *key, const void *value)
{
	struct endings *endings = context;
	const struct flow_state *state = value;

	if (!is_over(endings, state))
		return 0;
	if (endings->count == endings->room) {
		struct flow_entry *more = realloc(endings->list, (endings->room * 2 + 64) * sizeof(*more));

		if (!more)
			return 0;
		endings->list = more;
		endings->room = endings->room * 2 + 64;
	}
	endings->list[endings->count++] = (struct flow_entry){ *(const struct flow_key *)key, *state };
	return 0;
}

static int end(const struct endings *endings, struct flow_entry *entry, struct message *message)
{
	const struct quiet_flows *quiet = endings->quiet;

	if (entry->state.closed_ns && entry->state.closed_ns != endings->to_ns) {
		bpf_map_delete_elem(quiet->flows_fd, &entry->key);
		return 0;
	}
	entry->state.closed_ns = endings->to_ns;
	bpf_map_update_elem(quiet->flows_fd, &entry->key, &entry->state, BPF_EXIST);
	return entry->state.is_filtered ? 0 : ended_flow_send(quiet, &entry->state.flow, endings->to_ns, message);
}

int ended_flows_add(const struct quiet_flows *quiet, const struct known_sockets *sockets, uint64_t looked_ns, uint64_t to_ns,
		    struct message *message)
{
	struct map_shape flows = { quiet->flows_fd, sizeof(struct flow_key), sizeof(struct flow_state) };
	struct endings endings = { .quiet = quiet, .sockets = sockets, .looked_ns = looked_ns, .to_ns = to_ns };
	int result = 0;

	map_walk(&flows, gather, &endings);
	for (uint32_t i = 0; i < endings.count && result == 0; i++)
		result = end(&endings, &endings.list[i], message);
	free(endings.list);
	return result;
}

/* Without memory, or where a worker was killed, they are found by the next walk. */
void ended_flows_see(struct quiet_flows *quiet, const struct flow_key *key, const struct net_flows_value *row)
{
	struct closed_flows *closed = &quiet->closed;

	if (closed->count == closed->room) {
		struct closed_flow *more = realloc(closed->list, (closed->room * 2 + 64) * sizeof(*more));

		if (!more)
			return;
		closed->list = more;
		closed->room = closed->room * 2 + 64;
	}
	closed->list[closed->count++] = (struct closed_flow){ *key, row->closed, row->error != 0 };
}

/* What the programs know of connections that are over. */
struct forgotten {
	struct flow_key flows[FORGOTTEN_AT_ONCE];
	uint64_t owners[FORGOTTEN_AT_ONCE];
	uint32_t flow_count, owner_count;
};

static void forget(const struct quiet_flows *quiet, struct forgotten *these)
{
	map_delete_keys(quiet->flows_fd, these->flows, sizeof(*these->flows), these->flow_count);
	map_delete_keys(quiet->owners_fd, these->owners, sizeof(*these->owners), these->owner_count);
	these->flow_count = these->owner_count = 0;
}

void ended_flows_forget(struct quiet_flows *quiet, uint64_t to_ns)
{
	struct closed_flows *closed = &quiet->closed;
	struct forgotten these;
	uint32_t kept = 0;

	these.flow_count = these.owner_count = 0;
	for (uint32_t i = 0; i < closed->count; i++) {
		const struct closed_flow *flow = &closed->list[i];

		if (flow->closed_ns + KEPT_NS >= to_ns) {
			closed->list[kept++] = *flow;
			continue;
		}
		these.flows[these.flow_count++] = flow->key;
		if (!flow->has_failed)
			these.owners[these.owner_count++] = flow->key.cookie;
		if (these.flow_count == FORGOTTEN_AT_ONCE)
			forget(quiet, &these);
	}
	closed->count = kept;
	forget(quiet, &these);
}
