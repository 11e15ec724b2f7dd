/* The only writer to stdout. A queue, because the agent may be slow and the keeper must go on hearing its stdin. */
#ifndef SONDE_EMIT_H
#define SONDE_EMIT_H
#include <stddef.h>
#include "fault.h"
#include "wire.h"

/* Makes stdout non-blocking, and gives it back as it was. */
void emit_open(void);
void emit_close(void);

/* Whether a worker's largest message would fit. Our own small ones always have room then. */
int emit_has_room(void);
int emit_is_empty(void);

/* A whole message that lies in memory as it goes out. Dropped where there is no room: callers ask first. */
void emit_packet(const void *packet, size_t size);
void emit_message(enum wire_type type, const void *payload, size_t size);
void emit_fault(const struct fault *fault);

/* Writes what stdout takes now. -1 when nobody reads it any more. */
int emit_flush(void);
/* Writes everything, waiting at most so long. */
void emit_flush_within(int milliseconds);
#endif
