#include "call-facts.h"
#include <stdlib.h>
#include <string.h>
#include "fault.h"

/* Takes "code" or "code:fact" and a comma from the text. 0: there is no more; -1: that is something else. */
static int take_call(const char **text, uint32_t *call, uint32_t *fact)
{
	char *end;

	if (!**text)
		return 0;
	*call = (uint32_t)strtoul(*text, &end, 10);
	*fact = *end == ':' ? (uint32_t)strtoul(end + 1, &end, 10) : 0;
	if (end == *text || (*end && *end != ','))
		return fault_raise(FAULT_bad_option, NULL, "%.60s is no list of calls", *text);
	*text = *end ? end + 1 : end;
	return 1;
}

/* NULL: a table that none of this machine's processes uses, or a number that nothing can be known of. */
static uint8_t *fact_of(struct in_progress *calls, uint32_t call)
{
	for (int i = 0; (call & CALL_NUMBER_MASK) < FACT_NUMBERS && i < FACT_TABLES; i++)
		if (calls->config.fact_tables[i] == call >> CALL_TABLE_SHIFT)
			return &calls->facts[i * FACT_NUMBERS + (call & CALL_NUMBER_MASK)];
	return NULL;
}

int read_facts(struct in_progress *calls, const char *text, const char *wanted, int wants_waiting)
{
	int are_named = *wanted != 0, result;
	uint32_t call, fact;
	uint8_t *at;

	while ((result = take_call(&text, &call, &fact)) > 0)
		if ((at = fact_of(calls, call)))
			*at = fact & ~FACT_WANTED;
	for (size_t i = 0; !are_named && i < sizeof(calls->facts); i++)
		if (!(calls->facts[i] & FACT_WAITS) || wants_waiting)
			calls->facts[i] |= FACT_WANTED;
	while (result == 0 && (result = take_call(&wanted, &call, &fact)) > 0) {
		if ((at = fact_of(calls, call)))
			*at |= FACT_WANTED;
		result = 0;
	}
	calls->config.wants_others = !are_named;
	return result;
}

int read_error(const char *text, uint32_t *error)
{
	char *end;

	*error = (uint32_t)strtoul(text, &end, 10);
	if (!strcmp(text, "any"))
		*error = ERROR_ANY;
	else if (*end || *error > MAX_ERROR)
		return fault_raise(FAULT_bad_option, NULL, "--errno wants a number up to %d or any, not %.60s", MAX_ERROR, text);
	return 0;
}
