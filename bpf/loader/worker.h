#ifndef SONDE_WORKER_H
#define SONDE_WORKER_H
#include <sys/types.h>
#include "probe.h"
#include "turn.h"

/* Drains the tables and hands messages to `keeper_fd` until that is shut down, then once more, and ends the process.
 * Runs in a child of the keeper and never returns. */
_Noreturn void worker_main(const struct run *run, struct turn *turn, pid_t keeper, int keeper_fd, uint64_t interval_ns);
#endif
