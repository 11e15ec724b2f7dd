#include "drop-reasons.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tracefs.h"

#define FORMAT_FILE "events/skb/kfree_skb/format"
/* Some 100 reasons of 40 characters each. */
#define FORMAT_BYTES (64 << 10)

static const char *const SUBSYSTEMS[] = { "OTHER", "MAC80211", "MAC80211_MONITOR", "OPENVSWITCH" };
static const char *const NO_DROPS[] = { "NOT_DROPPED_YET", "CONSUMED" };

static void set_numbers(struct drop_name names[DROP_NAMES])
{
	memset(names, 0, DROP_NAMES * sizeof(*names));
	for (int i = 0; i < DROP_REASONS; i++)
		snprintf(names[i].text, sizeof(names[i].text), "REASON_%d", i);
	for (size_t i = 0; i < DROP_SUBSYSTEMS; i++) {
		struct drop_name *name = &names[DROP_REASONS + i];

		if (i < sizeof(SUBSYSTEMS) / sizeof(SUBSYSTEMS[0]))
			snprintf(name->text, sizeof(name->text), "%s", SUBSYSTEMS[i]);
		else
			snprintf(name->text, sizeof(name->text), "SUBSYSTEM_%zu", i);
	}
	snprintf(names[DROP_UNTOLD].text, sizeof(names[DROP_UNTOLD].text), "NO_REASON_TOLD");
}

static void set_name(struct drop_name *name, const char *text, size_t length)
{
	snprintf(name->text, sizeof(name->text), "%.*s", (int)length, text);
	for (size_t i = 0; i < sizeof(NO_DROPS) / sizeof(NO_DROPS[0]); i++)
		name->is_no_drop |= !strcmp(name->text, NO_DROPS[i]);
}

/* … __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "NO_SOCKET" } … */
static void read_names(struct drop_name names[DROP_NAMES], const char *format)
{
	const char *at = strstr(format, "__print_symbolic(REC->reason");

	while (at && (at = strchr(at, '{'))) {
		char *after;
		unsigned long number = strtoul(at + 1, &after, 0);
		const char *begin = strchr(after, '"'), *end = begin ? strchr(begin + 1, '"') : NULL;

		if (!end)
			return;
		if (after != at + 1 && number < DROP_REASONS)
			set_name(&names[number], begin + 1, (size_t)(end - begin - 1));
		at = end;
	}
}

void drop_reasons_read(struct drop_name names[DROP_NAMES])
{
	char *format = malloc(FORMAT_BYTES);

	set_numbers(names);
	if (format && tracefs_read(FORMAT_FILE, format, FORMAT_BYTES) == 0)
		read_names(names, format);
	else
		fprintf(stderr, "loader: cannot read " FORMAT_FILE ": reasons of drops have numbers only\n");
	free(format);
}
