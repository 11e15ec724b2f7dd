/* Options of a probe: `--name value` on the command line, and a table in `loader describe`. */
#ifndef SONDE_OPTION_H
#define SONDE_OPTION_H
#include <stddef.h>
#include <stdint.h>

#define OPTION_UNSET INT64_MIN
#define OPTION_MAX_COUNT 16

enum option_kind { OPTION_INTEGER, OPTION_TEXT };

struct option_spec {
	const char *name;
	enum option_kind kind;
	int64_t min, max, fallback; /* integers only; OPTION_UNSET = none */
};

/* In the order of the specs; ends with an entry whose name is NULL. */
union option_value {
	int64_t integer;  /* OPTION_UNSET where not given and without a fallback */
	const char *text; /* NULL where not given */
};

size_t option_count(const struct option_spec *specs);
void options_reset(const struct option_spec *specs, union option_value *values);
/* 1 = taken, 0 = no such name in `specs`, -1 = fault raised. */
int option_take(const struct option_spec *specs, union option_value *values, const char *name, const char *text);
/* The value of an option that exists: asking for another is a bug. */
union option_value option_get(const struct option_spec *specs, const union option_value *values, const char *name);
#endif
