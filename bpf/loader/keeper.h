#ifndef SONDE_KEEPER_H
#define SONDE_KEEPER_H
#include "probe.h"

/* Options of `run` that every probe has. */
extern const struct option_spec RUN_OPTIONS[];

/* Runs an opened probe until stdin ends or a signal comes. Returns an exit code; -1 with a fault raised. */
int keeper_run(struct run *run, uint64_t interval_ns);
#endif
