/* Filters in pcap syntax, compiled by libpcap for the kernel to run. */
#ifndef SONDE_CAPTURE_FILTER_H
#define SONDE_CAPTURE_FILTER_H
#include <linux/filter.h>
#include <stdint.h>
#include "own_connection.h"

/* The numbers of pcap's DLT_ and LINKTYPE_ agree for these two. */
enum link_type { LINK_ETHERNET = 1, LINK_COOKED = 276 };

struct capture_filter {
	struct sock_filter code[BPF_MAXINSNS];
	uint16_t length;
};

struct capture_wish {
	enum link_type link;
	uint32_t snap_bytes;
	const char *text; /* "" = everything */
	struct own_connection own; /* left out, unless its family is 0 */
};

/* -1 with a fault raised for a filter that cannot be. */
int capture_filter_compile(struct capture_filter *filter, const struct capture_wish *wish);
int capture_filter_attach(int fd, const struct capture_filter *filter);
/* From now on nothing matches. */
int capture_filter_close(int fd);
#endif
