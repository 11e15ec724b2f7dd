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
#define RATE_FILE "/proc/sys/kernel/perf_event_max_sample_rate"

/* Calls each CPU of a list like "0-3,6". Stops at the first result that is not 0. */
static int each_online(int (*call)(void *context, int cpu), void *context)
{
	FILE *file = fopen(ONLINE_FILE, "re");
	int first, last, result = 0;

	if (!file)
		return fault_raise(FAULT_kernel_no_bpf, "Is sysfs mounted on /sys?", "cannot read " ONLINE_FILE);
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

	return each_online(count_one, &count) == 0 ? count : 0;
}

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
	return kernel_fault(error, "cannot open a perf event");
}

struct opening {
	struct perf_events *events;
	int program_fd;
	uint32_t hz;
};

static int open_one(void *context, int cpu)
{
	struct opening *opening = context;
	struct perf_events *events = opening->events;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = opening->hz,
		.disabled = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 && errno == ENODEV)
		return 0; /* it went offline since the list was read */
	if (fd < 0)
		return refuse_open(errno, opening->hz);
	events->fds[events->count++] = fd;
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, opening->program_fd) < 0)
		return kernel_fault(errno, "cannot put the program on a perf event");
	return 0;
}

int perf_events_open(struct perf_events *events, const struct bpf_program *program, uint32_t hz)
{
	struct opening opening = { events, bpf_program__fd(program), hz };

	events->fds = calloc(online_cpus() + 1, sizeof(*events->fds));
	if (!events->fds)
		return kernel_fault(ENOMEM, "cannot open perf events");
	if (each_online(open_one, &opening) < 0)
		return -1;
	for (uint32_t i = 0; i < events->count; i++)
		if (ioctl(events->fds[i], PERF_EVENT_IOC_ENABLE, 0) < 0)
			return kernel_fault(errno, "cannot start a perf event");
	return 0;
}

void perf_events_stop(const struct perf_events *events)
{
	for (uint32_t i = 0; i < events->count; i++)
		ioctl(events->fds[i], PERF_EVENT_IOC_DISABLE, 0);
}

void perf_events_close(struct perf_events *events)
{
	for (uint32_t i = 0; i < events->count; i++)
		close(events->fds[i]);
	free(events->fds);
	*events = (struct perf_events){ 0 };
}
