/* A probe is a name, two tables that describe it, and seven verbs. Everything else about draining, counting, framing,
 * dying and starting again is the loader's and the same for all.
 *
 *  keeper:  open ─▶ attach ─────────── holds every descriptor, tend ─────▶ detach ─▶ close
 *  worker:                 a side each second, see worker.c, with see_row and add_rows
 */
#ifndef SONDE_PROBE_H
#define SONDE_PROBE_H
#include <stddef.h>
#include <stdint.h>
#include "option.h"
#include "table_set.h"

struct row_field {
	const char *name;
	uint16_t offset;
	uint16_t size;
	const char *kind; /* tgid tid life comm cpu cgroup stack.kernel stack.user stack.user.space fd flow u32 u64 bytes text */
	const char *role; /* key sum max min any last */
};

struct run;
struct bpf_link;
struct message;
struct wire_counters;

#define MAX_LINKS 16

struct probe {
	const char *id;                    /* the same as in its manifest; stored in recordings, never renamed */
	const struct option_spec *options; /* ended by a NULL name */
	const struct row_field *fields;    /* likewise; keys first */
	uint16_t row_bytes;

	/* All return -1 with a fault raised. What a failed verb had opened, close() closes. */
	int (*open)(struct run *run);   /* loads programs and tables, fills run->tables */
	int (*attach)(struct run *run); /* from now on the programs run */
	/* Of each row that the programs made, while it is sent; of a batch that is sent again, again. NULL: no need to. */
	void (*see_row)(const struct run *run, const void *key, const void *value);
	/* Adds rows to a batch whose side was frozen at `to_ns`: of what goes on still, and so is in no table. What they
	 * count that no program has counted is added to `counters`. Of a batch that is sent again they may be others.
	 * -1: the keeper is gone; NULL: there are none. */
	int (*add_rows)(const struct run *run, uint64_t to_ns, struct wire_counters *counters, struct message *message);
	void (*tend)(struct run *run);   /* about once a second while they run; NULL: nothing to do */
	void (*detach)(struct run *run); /* they no longer do; the tables can still be read */
	void (*close)(struct run *run);
};

/* One probe, running. Made by the keeper, inherited by its workers. */
struct run {
	const struct probe *probe;
	union option_value options[OPTION_MAX_COUNT];
	struct bpf_object *object;
	struct table_set tables;
	struct bpf_link *links[MAX_LINKS]; /* in the order of attaching */
	uint32_t link_count;
	uint32_t cpus;      /* online ones */
	uint64_t map_bytes; /* kernel memory of all maps */
	void *own;          /* the probe's; freed by its close() */
	const char *note;   /* what is not as it should be, for whoever watches; NULL: nothing */
};

/* Ended by NULL. */
extern const struct probe *const PROBES[];

const struct probe *probe_find(const char *id);

/* Options of the probe that runs. */
int64_t run_integer(const struct run *run, const char *name);
/* 0 where it was not given. */
uint32_t run_integer_or_zero(const struct run *run, const char *name);
/* NULL where it was not given. */
const char *run_text(const struct run *run, const char *name);
#endif
