/* Flows of Sonde itself: the connection that it came by, which marks its flow from the first row on, and those by which a
 * session goes on later. */
#ifndef SONDE_OWN_FLOWS_H
#define SONDE_OWN_FLOWS_H
#include <stdint.h>
#include "net-flows.h"

struct look;
struct quiet_flows;

/* The one that the programs know. */
int own_flow_is_first(const struct net_flows_config *config, const struct wire_flow *flow);
/* 1: of a later one, and the flow's own flags do not say so. */
uint32_t own_flow_is_later(const struct look *look, const struct wire_flow *flow);
/* Whether a connection by which Sonde came is new. Processes are looked at only while somebody may be logging in. */
int own_flows_have_come(struct quiet_flows *quiet, uint64_t to_ns);
#endif
