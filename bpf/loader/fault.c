#include "fault.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct fault current;
static int is_raised;

const char *fault_code_text(enum fault_code code)
{
	static const char *const TEXTS[] = {
#define X(name, text) text,
		FAULT_CODES(X)
#undef X
	};

	return TEXTS[code];
}

int fault_raise(enum fault_code code, const char *hint, const char *format, ...)
{
	va_list list;

	if (is_raised)
		return -1; /* what failed first is the cause; the rest follows from it */
	is_raised = 1;
	current.code = code;
	va_start(list, format);
	vsnprintf(current.message, sizeof(current.message), format, list);
	va_end(list);
	snprintf(current.hint, sizeof(current.hint), "%s", hint ? hint : "");
	return -1;
}

int fault_wrap(const char *format, ...)
{
	char doing[128], message[sizeof(current.message)];
	va_list list;

	va_start(list, format);
	vsnprintf(doing, sizeof(doing), format, list);
	va_end(list);
	memcpy(message, current.message, sizeof(message));
	if (snprintf(current.message, sizeof(current.message), "%s: %s", doing, message) >= (int)sizeof(current.message))
		memcpy(current.message + sizeof(current.message) - 4, "…", 4);
	return -1;
}

void fault_add_detail(const char *text)
{
	size_t used = strlen(current.detail);

	snprintf(current.detail + used, sizeof(current.detail) - used, "%s%s", used ? "\n" : "", text);
}

const struct fault *fault_current(void)
{
	return is_raised ? &current : NULL;
}
