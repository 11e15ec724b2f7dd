#include "flow-tables.h"
#include <stdlib.h>
#include "map_walk.h"
#include "net-flows.h"

static int take_owner(void *context, const void *key, const void *value)
{
	struct flow_tables *tables = context;

	if (tables->owner_count == tables->owner_room) {
		struct owner *more = realloc(tables->owners, (tables->owner_room * 2 + 64) * sizeof(*more));

		if (!more)
			return -1;
		tables->owners = more;
		tables->owner_room = tables->owner_room * 2 + 64;
	}
	tables->owners[tables->owner_count] = *(const struct owner *)value;
	return cookie_index_add(&tables->owner_of, *(const uint64_t *)key, tables->owner_count++);
}

static int take_flow(void *context, const void *key, const void *value)
{
	const struct flow_key *flow = key;

	(void)value;
	return flow->tuple == TUPLE_NONE ? cookie_index_add(context, flow->cookie, 0) : 0;
}

void flow_tables_read(struct flow_tables *tables, const struct quiet_flows *quiet)
{
	struct map_shape owners = { quiet->owners_fd, sizeof(uint64_t), sizeof(struct owner) };
	struct map_shape flows = { quiet->flows_fd, sizeof(struct flow_key), sizeof(struct flow_state) };

	*tables = (struct flow_tables){ 0 };
	map_walk(&owners, take_owner, tables);
	map_walk(&flows, take_flow, &tables->flows);
}

const struct owner *flow_tables_owner(const struct flow_tables *tables, uint64_t cookie)
{
	uint32_t place = cookie_index_find(&tables->owner_of, cookie);

	return place == COOKIE_UNKNOWN ? NULL : &tables->owners[place];
}

int flow_tables_has_flow(const struct flow_tables *tables, uint64_t cookie)
{
	return cookie_index_find(&tables->flows, cookie) != COOKIE_UNKNOWN;
}

void flow_tables_free(struct flow_tables *tables)
{
	free(tables->owners);
	cookie_index_free(&tables->owner_of);
	cookie_index_free(&tables->flows);
	*tables = (struct flow_tables){ 0 };
}
