/* One clock event per online CPU, with a BPF program on it; CPUs may come and go. */
#ifndef SONDE_PERF_EVENTS_H
#define SONDE_PERF_EVENTS_H
#include <stdint.h>

struct bpf_program;

struct perf_cpu {
	int fd;            /* -1: offline */
	uint64_t clock_ns; /* of its event, when it was last tended */
};

struct perf_events {
	int program_fd;
	uint32_t hz;
	int possible; /* CPUs the kernel may ever have */
	struct perf_cpu *cpus;
};

/* CPUs that are online now, as the kernel lists them; 0 with a fault raised when it cannot be read. */
uint32_t online_cpus(void);

/* 0, or -1 with a fault raised. Closing is the caller's in both cases. */
int perf_events_open(struct perf_events *events, const struct bpf_program *program, uint32_t hz);
/* CPUs that have one. */
uint32_t perf_events_count(const struct perf_events *events);
/* Once in a while, and not twice within a tick: gives CPUs that came online since an event, and takes it from those gone. */
void perf_events_tend(struct perf_events *events);
void perf_events_stop(const struct perf_events *events);
void perf_events_close(struct perf_events *events);
#endif
