/* A probe's BPF object, from the bytes inside this executable to loaded programs. */
#ifndef SONDE_OBJECT_H
#define SONDE_OBJECT_H
#include <stddef.h>
#include "probe.h"

/* Puts the compiled programs of `file` into the executable, as the bytes
 * from `symbol`_begin to `symbol`_end. */
#define EMBED_OBJECT(symbol, file) \
	__asm__(".section .rodata\n.balign 8\n" \
		".globl " #symbol "_begin\n" #symbol "_begin:\n.incbin \"" file "\"\n" \
		".globl " #symbol "_end\n" #symbol "_end:\n.byte 0\n.previous\n"); \
	extern const char symbol##_begin[], symbol##_end[]

/* All return 0, or -1 with a fault raised. Opening does not yet ask the kernel: sizes and config are set in between. */
int object_open(struct run *run, const char *begin, const char *end);
int object_configure(struct run *run, const void *config, size_t size);
/* Sets the one read-only variable of a section of its own. */
void object_set(struct run *run, const char *section, const void *value, size_t size);
/* Programs that will not be loaded, and tables that only they use. Lists end with NULL. */
void object_leave_out(struct run *run, const char *const *programs, const char *const *maps);
/* Whether tables can be memory of this process, too: Linux 5.5. */
int object_can_share(void);
/* Loads, then finds the tables and counts their memory. */
int object_load(struct run *run);
void object_close(struct run *run);

/* A program's name and where it goes. Lists end with a NULL program. */
struct tracepoint {
	const char *program, *name;
};

/* Attaches in this order, detaches in the opposite one. What is still attached ends with object_close(). */
int object_attach(struct run *run, const struct tracepoint *tracepoints);
void object_detach(struct run *run);

/* Attaches the programs that keep the table of known processes true; where that fails, nobody is known. */
void object_attach_known(struct run *run);
#endif
