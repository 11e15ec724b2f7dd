/* The capture's writer to stdout: one buffer, because whoever reads may be slow and stdin must still be heard. */
#ifndef SONDE_CAPTURE_OUT_H
#define SONDE_CAPTURE_OUT_H
#include <stddef.h>
#include <stdint.h>
#include "capture_wire.h"

/* Above the largest snap length, with everything that goes in front of a packet. */
#define CAPTURE_OUT_PACKET_BYTES (300u << 10)

void capture_out_open(void);
void capture_out_close(void);

/* Whether the largest packet and what belongs to it would fit. */
int capture_out_has_room(void);
int capture_out_is_empty(void);
/* A type of capture_wire.h, or WIRE_FAULT. Dropped where there is no room: callers ask first. */
void capture_out_message(uint16_t type, const void *payload, size_t size);
/* A packet and the place for its bytes, which the caller fills at once. */
uint8_t *capture_out_packet(const struct capture_packet *packet);
/* The name of a process, unless it was told last time. */
void capture_out_process(const struct capture_process *process);

/* Writes what stdout takes now. -1 when nobody reads it any more. */
int capture_out_flush(void);
/* Writes everything, waiting at most so long. */
void capture_out_flush_within(int milliseconds);
#endif
