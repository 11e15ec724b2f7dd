/* Flows whose end no packet tells, and what the programs still know of those that have ended. */
#ifndef SONDE_ENDED_FLOWS_H
#define SONDE_ENDED_FLOWS_H
#include "known-sockets.h"
#include "quiet-flows.h"

/* Ends what was quiet for too long and, where there was a look, what has no socket any more; forgets what ended some
 * time ago. -1 when the keeper is gone. */
int ended_flows_add(const struct quiet_flows *quiet, const struct known_sockets *sockets, uint64_t looked_ns, uint64_t to_ns,
		    struct message *message);
/* Keeps in mind what a row of the programs tells as closed; so that it is found without a walk over all flows. */
void ended_flows_see(struct quiet_flows *quiet, const struct flow_key *key, const struct net_flows_value *row);
/* Forgets of these what ended some time ago. */
void ended_flows_forget(struct quiet_flows *quiet, uint64_t to_ns);
/* Sends the row that says so. */
int ended_flow_send(const struct quiet_flows *quiet, const struct wire_flow *flow, uint64_t to_ns, struct message *message);
#endif
