/* The one worker alive, and what is done when it dies. */
#ifndef SONDE_WORKERS_H
#define SONDE_WORKERS_H
#include <stdint.h>
#include <sys/types.h>
#include "probe.h"
#include "turn.h"

/* A worker that dies is replaced after 50 ms, then 100, 200, 400; the fifth death within ten seconds ends the loader. */
#define DEATHS_MAX 5

struct workers {
	const struct run *run;
	struct turn *turn; /* shared with every worker */
	uint64_t interval_ns;
	int fd;            /* whole messages come out of it; -1: none alive */
	pid_t pid;         /* 0: none alive */
	int wait_status;   /* of the one that died last */
	uint32_t restarts;
	uint64_t retry_ns; /* when to fork the next one */
	uint64_t deaths_ns[DEATHS_MAX - 1]; /* ring of the latest */
};

/* All return 0, or -1 with a fault raised. */
int workers_fork(struct workers *workers);
/* Takes leave of a worker whose socket ended. 1: it had done all it was asked to. */
int workers_bury(struct workers *workers);
/* Asks the worker to drain a last time and end. */
void workers_ask_to_end(const struct workers *workers);
void workers_kill(struct workers *workers);
#endif
