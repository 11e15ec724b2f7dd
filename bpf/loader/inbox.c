#include "inbox.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "table_set.h"

static void apply(uint16_t type, uint32_t tgid, int known)
{
	uint8_t yes = 1;

	if (known == NO_TABLE)
		return;
	/* A full table and an absent key are both fine: that process is then sampled with build-ids. */
	if (type == WIRE_KNOWN)
		bpf_map_update_elem(known, &tgid, &yes, BPF_ANY);
	else if (type == WIRE_FORGET)
		bpf_map_delete_elem(known, &tgid);
}

/* The stream may be cut anywhere; messages of a type we do not know are skipped. */
static int take_byte(struct inbox *inbox, uint8_t byte, int known)
{
	if (inbox->header_bytes < sizeof(inbox->header)) {
		((uint8_t *)&inbox->header)[inbox->header_bytes++] = byte;
		inbox->payload_bytes = 0;
		if (inbox->header_bytes == sizeof(inbox->header) && inbox->header.length > WIRE_MAX_LENGTH)
			return -1;
	} else {
		((uint8_t *)&inbox->item)[inbox->payload_bytes++ % sizeof(inbox->item)] = byte;
		if (inbox->payload_bytes % sizeof(inbox->item) == 0)
			apply(inbox->header.type, inbox->item, known);
	}
	if (inbox->header_bytes == sizeof(inbox->header) && inbox->payload_bytes == inbox->header.length)
		inbox->header_bytes = 0;
	return 0;
}

int inbox_read(struct inbox *inbox, int known)
{
	uint8_t buffer[4096];
	ssize_t got = read(STDIN_FILENO, buffer, sizeof(buffer));

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (got == 0)
		return -1;
	for (ssize_t i = 0; i < got; i++) {
		if (take_byte(inbox, buffer[i], known) < 0) {
			fprintf(stderr, "loader: a message of %u bytes on stdin makes no sense\n", inbox->header.length);
			return -1;
		}
	}
	return 0;
}
