#include "cost.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"

/* Timing a program takes the kernel some 70 instructions each run, which is much for one that runs at every system
 * call. So it is told to time them now and then, and the rest is taken to be like that. The two together are no
 * divisor of a second: what happens once a second must not always, or never, fall into it. */
#define TIMED_NS (60 * NS_PER_MS)
#define UNTIMED_NS (810 * NS_PER_MS)

/* The kernel times programs while this is open. */
static int stats_fd = -1;
static uint64_t turn_ns;    /* when to begin or to end timing */
static uint64_t began_ns;   /* timing */
static uint64_t before_ns;  /* time of the programs when timing began */
static uint64_t ended_ns;   /* timing, the last time */
static uint64_t estimate_ns;

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

		if (bpf_program__autoload(program) &&
		    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) == 0)
			sum += info.run_time_ns;
	}
	return sum;
}

uint64_t cost_turn_ns(void)
{
	return turn_ns;
}

static void begin_timing(struct bpf_object *object)
{
	stats_fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
	before_ns = programs_ns(object);
	began_ns = now_ns();
	if (ended_ns == 0)
		ended_ns = began_ns;
	turn_ns = began_ns + (stats_fd < 0 ? UNTIMED_NS : TIMED_NS);
}

static void end_timing(struct bpf_object *object)
{
	uint64_t now = now_ns();
	double share = (double)(now - began_ns) / (double)(now - ended_ns);

	estimate_ns += (uint64_t)((double)(programs_ns(object) - before_ns) / share);
	close(stats_fd);
	stats_fd = -1;
	ended_ns = now;
	turn_ns = now + UNTIMED_NS;
}

void cost_turn(struct bpf_object *object, uint64_t now)
{
	if (now < turn_ns)
		return;
	if (stats_fd < 0)
		begin_timing(object);
	else
		end_timing(object);
}

void cost_measure(struct wire_cost *cost, pid_t worker)
{
	cost->at_ns = now_ns();
	cost->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) + dead_children_ns() + (worker ? process_ns(worker) : 0);
	cost->bpf_cpu_ns = estimate_ns;
	cost->resident_bytes = resident_bytes(getpid()) + (worker ? resident_bytes(worker) : 0);
}
