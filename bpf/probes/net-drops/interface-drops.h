#ifndef SONDE_INTERFACE_DROPS_H
#define SONDE_INTERFACE_DROPS_H

struct counter_list;

/* Counters of all network interfaces, and of the queues in front of them. */
void read_interface_drops(struct counter_list *list);
#endif
