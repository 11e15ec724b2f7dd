#include "option.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fault.h"

size_t option_count(const struct option_spec *specs)
{
	size_t count = 0;

	while (specs[count].name)
		count++;
	return count;
}

void options_reset(const struct option_spec *specs, union option_value *values)
{
	for (size_t i = 0; specs[i].name; i++) {
		if (specs[i].kind == OPTION_INTEGER)
			values[i].integer = specs[i].fallback;
		else
			values[i].text = NULL;
	}
}

static int take_integer(const struct option_spec *spec, union option_value *value, const char *text)
{
	char *end;

	errno = 0;
	value->integer = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return fault_raise(FAULT_bad_option, NULL, "--%s wants a whole number, not %.60s", spec->name, text);
	if (value->integer < spec->min || value->integer > spec->max)
		return fault_raise(FAULT_bad_option, NULL, "--%s must lie between %lld and %lld", spec->name,
				   (long long)spec->min, (long long)spec->max);
	return 1;
}

int option_take(const struct option_spec *specs, union option_value *values, const char *name, const char *text)
{
	for (size_t i = 0; specs[i].name; i++) {
		if (strcmp(specs[i].name, name) != 0)
			continue;
		if (specs[i].kind == OPTION_INTEGER)
			return take_integer(&specs[i], &values[i], text);
		values[i].text = text;
		return 1;
	}
	return 0;
}

union option_value option_get(const struct option_spec *specs, const union option_value *values, const char *name)
{
	for (size_t i = 0; specs[i].name; i++)
		if (!strcmp(specs[i].name, name))
			return values[i];
	abort();
}
