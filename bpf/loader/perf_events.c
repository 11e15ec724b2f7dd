#include "perf_events.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fault.h"
#include "kernel_fault.h"

#define ONLINE_FILE "/sys/devices/system/cpu/online"
#define UNREADABLE 1
#define RATE_FILE "/proc/sys/kernel/perf_event_max_sample_rate"

/* Calls each CPU of a list like "0-3,6". Stops at the first result that is not 0. UNREADABLE: there is no list. */
static int each_online(int (*call)(void *context, int cpu), void *context)
{
	FILE *file = fopen(ONLINE_FILE, "re");
	int first, last, result = 0;

	if (!file)
		return UNREADABLE;
	while (result == 0 && fscanf(file, "%d", &first) == 1) {
		last = first;
		if (fscanf(file, "-%d", &last) != 1)
			last = first;
		for (int cpu = first; cpu <= last && result == 0; cpu++)
			result = call(context, cpu);
		if (fgetc(file) != ',')
			break;
	}
	fclose(file);
	return result;
}

static int count_one(void *context, int cpu)
{
	(void)cpu;
	(*(uint32_t *)context)++;
	return 0;
}

uint32_t online_cpus(void)
{
	uint32_t count = 0;

	if (each_online(count_one, &count) == UNREADABLE)
		fault_raise(FAULT_kernel_no_bpf, "Is sysfs mounted on /sys?", "cannot read " ONLINE_FILE);
	return count;
}

static const char OPEN_FAILED[] = "cannot open a perf event";

static int refuse_open(int error, uint32_t hz)
{
	FILE *file = error == EINVAL ? fopen(RATE_FILE, "re") : NULL;
	unsigned limit = 0;

	/* The kernel lowers its limit by itself on a slow box, and then refuses rates above it. */
	if (file && fscanf(file, "%u", &limit) == 1 && limit < hz)
		fault_raise(FAULT_bad_option, "Lower hz, or raise kernel.perf_event_max_sample_rate.",
			    "the kernel samples at most %u times a second", limit);
	if (file)
		fclose(file);
	return kernel_fault(error, OPEN_FAILED);
}

/* The event of one CPU, not counting yet. -1 with errno, and in `failed` what could not be done. */
static int open_event(const struct perf_events *events, int cpu, const char **failed)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = events->hz,
		.disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	int error;

	*failed = OPEN_FAILED;
	if (fd < 0 || ioctl(fd, PERF_EVENT_IOC_SET_BPF, events->program_fd) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	*failed = "cannot put the program on a perf event";
	return -1;
}

static int open_first(void *context, int cpu)
{
	struct perf_events *events = context;
	const char *failed;

	if (cpu >= events->possible)
		return 0;
	events->cpus[cpu].fd = open_event(events, cpu, &failed);
	if (events->cpus[cpu].fd >= 0 || errno == ENODEV)
		return 0; /* without one: it went offline since the list was read */
	return failed == OPEN_FAILED ? refuse_open(errno, events->hz) : kernel_fault(errno, failed);
}

static int enable(const struct perf_events *events)
{
	for (int cpu = 0; cpu < events->possible; cpu++)
		if (events->cpus[cpu].fd >= 0 && ioctl(events->cpus[cpu].fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
			return kernel_fault(errno, "cannot start a perf event");
	return 0;
}

int perf_events_open(struct perf_events *events, const struct bpf_program *program, uint32_t hz)
{
	int possible = libbpf_num_possible_cpus();

	*events = (struct perf_events){ .program_fd = bpf_program__fd(program), .hz = hz };
	events->cpus = possible > 0 ? calloc((size_t)possible, sizeof(*events->cpus)) : NULL;
	if (!events->cpus)
		return kernel_fault(ENOMEM, "cannot open perf events");
	events->possible = possible;
	for (int cpu = 0; cpu < possible; cpu++)
		events->cpus[cpu].fd = -1;
	if (each_online(open_first, events) < 0)
		return -1;
	return enable(events);
}

uint32_t perf_events_count(const struct perf_events *events)
{
	uint32_t count = 0;

	for (int cpu = 0; cpu < events->possible; cpu++)
		count += events->cpus[cpu].fd >= 0;
	return count;
}

/* The kernel takes the events of a CPU that goes offline off it, for good; their clock tells that. */
static int has_stopped(struct perf_cpu *cpu)
{
	uint64_t before = cpu->clock_ns;

	return read(cpu->fd, &cpu->clock_ns, sizeof(cpu->clock_ns)) != sizeof(cpu->clock_ns) || cpu->clock_ns == before;
}

static int open_later(void *context, int cpu)
{
	struct perf_events *events = context;
	const char *failed;
	int fd;

	if (cpu >= events->possible || events->cpus[cpu].fd >= 0)
		return 0;
	fd = open_event(events, cpu, &failed);
	if (fd < 0)
		return 0; /* the next call tries again; the other CPUs are sampled meanwhile */
	events->cpus[cpu] = (struct perf_cpu){ .fd = fd };
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	return 0;
}

void perf_events_tend(struct perf_events *events)
{
	for (int cpu = 0; cpu < events->possible; cpu++) {
		if (events->cpus[cpu].fd < 0 || !has_stopped(&events->cpus[cpu]))
			continue;
		close(events->cpus[cpu].fd);
		events->cpus[cpu].fd = -1;
	}
	each_online(open_later, events);
}

void perf_events_stop(const struct perf_events *events)
{
	for (int cpu = 0; cpu < events->possible; cpu++)
		if (events->cpus[cpu].fd >= 0)
			ioctl(events->cpus[cpu].fd, PERF_EVENT_IOC_DISABLE, 0);
}

void perf_events_close(struct perf_events *events)
{
	for (int cpu = 0; cpu < events->possible; cpu++)
		if (events->cpus[cpu].fd >= 0)
			close(events->cpus[cpu].fd);
	free(events->cpus);
	*events = (struct perf_events){ 0 };
}
