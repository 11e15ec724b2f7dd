#include "cost.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"

/* Held until the process ends: the kernel stops counting with the last descriptor. */
static int stats_fd = -1;

void cost_open(void)
{
	stats_fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
}

static uint64_t dead_children_ns(void)
{
	struct rusage used;

	if (getrusage(RUSAGE_CHILDREN, &used) < 0)
		return 0;
	return ((uint64_t)used.ru_utime.tv_sec + (uint64_t)used.ru_stime.tv_sec) * NS_PER_S +
	       ((uint64_t)used.ru_utime.tv_usec + (uint64_t)used.ru_stime.tv_usec) * 1000;
}

static uint64_t process_ns(pid_t pid)
{
	clockid_t clock;

	return clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
}

/* Program text and what a worker still shares with the keeper is counted for each: an upper bound. */
static uint64_t resident_bytes(pid_t pid)
{
	unsigned long long total, resident = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%llu %llu", &total, &resident) != 2)
		resident = 0;
	fclose(file);
	return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t programs_ns(struct bpf_object *object)
{
	struct bpf_program *program;
	uint64_t sum = 0;

	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = { 0 };
		__u32 size = sizeof(info);

		if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) == 0)
			sum += info.run_time_ns;
	}
	return sum;
}

void cost_measure(struct wire_cost *cost, pid_t worker, struct bpf_object *object)
{
	cost->at_ns = now_ns();
	cost->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) + dead_children_ns() + (worker ? process_ns(worker) : 0);
	cost->bpf_cpu_ns = stats_fd < 0 ? 0 : programs_ns(object);
	cost->resident_bytes = resident_bytes(getpid()) + (worker ? resident_bytes(worker) : 0);
}
