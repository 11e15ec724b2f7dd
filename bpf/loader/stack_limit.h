#ifndef SONDE_STACK_LIMIT_H
#define SONDE_STACK_LIMIT_H
#include <stdint.h>

/* A stack of this many frames was probably longer: the kernel cuts them at a limit of its own, which may be below ours. */
uint32_t stack_limit(void);
#endif
