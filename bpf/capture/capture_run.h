#ifndef SONDE_CAPTURE_RUN_H
#define SONDE_CAPTURE_RUN_H
#include <stdint.h>
#include "capture_ring.h"
#include "capture_take.h"
#include "capture_wire.h"
#include "option.h"

extern const struct option_spec CAPTURE_OPTIONS[];

struct capture {
	struct capture_ring ring;
	struct taker taker;
	int index; /* of the interface; 0 = all */
	int signal_fd, news_fd;
	uint64_t count_ns; /* when to tell the counters */
	enum capture_end end;
};

/* Until its end was asked for and everything has gone out, or nobody reads any more. */
void capture_run(struct capture *c);
#endif
