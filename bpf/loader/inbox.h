/* What the agent says on stdin: which processes it knows the mappings of. */
#ifndef SONDE_INBOX_H
#define SONDE_INBOX_H
#include <stddef.h>
#include <stdint.h>
#include "wire.h"

struct inbox {
	struct wire_header header;
	size_t header_bytes; /* so much of the header has come */
	uint32_t item;       /* the process id that is coming */
	uint32_t payload_bytes;
};

/* Reads what is there. 0, or -1 at the end of stdin or when it makes no sense. `known` may be NO_TABLE. */
int inbox_read(struct inbox *inbox, int known);
#endif
