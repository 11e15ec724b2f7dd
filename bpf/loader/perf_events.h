/* One clock event per online CPU, with a BPF program on it. */
#ifndef SONDE_PERF_EVENTS_H
#define SONDE_PERF_EVENTS_H
#include <stdint.h>

struct bpf_program;

struct perf_events {
	int *fds;
	uint32_t count;
};

/* CPUs that are online now, as the kernel lists them; 0 when it cannot be read. */
uint32_t online_cpus(void);

/* 0, or -1 with a fault raised. Closing is the caller's in both cases. */
int perf_events_open(struct perf_events *events, const struct bpf_program *program, uint32_t hz);
void perf_events_stop(const struct perf_events *events);
void perf_events_close(struct perf_events *events);
#endif
