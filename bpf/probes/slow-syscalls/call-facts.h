/* Lists of calls in the words of the command line: "code:fact,code:fact". */
#ifndef SONDE_CALL_FACTS_H
#define SONDE_CALL_FACTS_H
#include <stdint.h>
#include "in-progress.h"

/* Fills `calls` from the lists of facts and of wanted calls; without the latter, all are wanted but those that wait. Both
 * return 0, or -1 with a fault raised. */
int read_facts(struct in_progress *calls, const char *text, const char *wanted, int wants_waiting);
/* A number, "any", or nothing. */
int read_error(const char *text, uint32_t *error);
#endif
