/* Connections that are over, where no program sees packets: see endings.bpf.h. */
#ifndef SONDE_ENDINGS_H
#define SONDE_ENDINGS_H
#include <stdint.h>
#include "cookie-index.h"
#include "net-flows.h"

struct run;

/* What the kernel put aside before a look, in memory that workers share. */
struct ending_list {
	uint32_t count;
	struct ending_key keys[MAX_ENDINGS];
	struct ending at[MAX_ENDINGS];
};

/* Where the tracepoint's fields are. -1: this kernel does not tell, and all are 0. */
int endings_configure(struct net_flows_config *config);
/* -1: it cannot be attached. */
int endings_attach(struct run *run);
/* Takes what is there; what `before` has is taken out of the kernel's table first. */
void endings_take(int fd, const struct ending_list *before, struct ending_list *list);
/* By who they were between. */
void endings_index(const struct ending_list *list, struct cookie_index *index);
/* COOKIE_UNKNOWN: it is not among them. */
uint32_t endings_find(const struct ending_list *list, const struct cookie_index *index, const struct wire_flow *flow);
/* What it says of its flow's end. */
void ending_put(struct net_flows_value *value, const struct ending *ending);
#endif
