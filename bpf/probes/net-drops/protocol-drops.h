#ifndef SONDE_PROTOCOL_DROPS_H
#define SONDE_PROTOCOL_DROPS_H

struct counter_list;

/* Counters of IP, TCP and UDP, and of the queues between them and the interfaces. */
void read_protocol_drops(struct counter_list *list);
#endif
