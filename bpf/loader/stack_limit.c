#include "stack_limit.h"
#include <stdio.h>
#include "wire.h"

#define MAX_STACK_FILE "/proc/sys/kernel/perf_event_max_stack"

uint32_t stack_limit(void)
{
	FILE *file = fopen(MAX_STACK_FILE, "re");
	unsigned limit = WIRE_MAX_FRAMES;

	if (file && fscanf(file, "%u", &limit) != 1)
		limit = WIRE_MAX_FRAMES;
	if (file)
		fclose(file);
	return limit && limit < WIRE_MAX_FRAMES ? limit : WIRE_MAX_FRAMES;
}
