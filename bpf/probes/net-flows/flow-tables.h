/* What the programs' tables of owners and flows held at one moment. Reading a table whole costs a quarter of asking it for
 * each socket of the box. */
#ifndef SONDE_FLOW_TABLES_H
#define SONDE_FLOW_TABLES_H
#include "cookie-index.h"
#include "quiet-flows.h"

struct flow_tables {
	struct owner *owners;
	uint32_t owner_count, owner_room;
	struct cookie_index owner_of; /* place in `owners` */
	struct cookie_index flows;    /* of those that their socket says all of */
};

/* Of what there was no memory for, nothing is known. */
void flow_tables_read(struct flow_tables *tables, const struct quiet_flows *quiet);
/* NULL: none is known. */
const struct owner *flow_tables_owner(const struct flow_tables *tables, uint64_t cookie);
int flow_tables_has_flow(const struct flow_tables *tables, uint64_t cookie);
void flow_tables_free(struct flow_tables *tables);
#endif
