/* Types shared by the kernel side (slow-syscalls.bpf.c) and the loader (slow-syscalls.c, in-progress.c). */
#ifndef SONDE_SLOW_SYSCALLS_H
#define SONDE_SLOW_SYSCALLS_H
#include "calls.h"

/* What is known of a call, by table and number: one byte each. The same as in remote-agent/protocol/syscalls/facts.ts,
 * but for the last, which the loader adds. */
#define FACT_PATH 0x07 /* which argument is its first path, from 1; 0: none */
#define FACT_FILE_SHIFT 3
#define FACT_FILE 0x07 /* likewise its first file descriptor */
#define FACT_WAITS 0x40
#define FACT_WANTED 0x80
#define FACT_TABLES 3 /* of all that one machine's processes use */
#define FACT_NUMBERS 1024 /* numbers from here on are of calls that nothing is known of */

#define ERROR_ANY 4096 /* every error */
#define PATH_BYTES 256
#define NO_FILE (-1)

/* Read-only for the programs: the verifier knows the values and removes what they switch off. */
struct slow_syscalls_config {
	u64 only_cgroup; /* 0 = all; likewise below */
	u32 only_tgid;
	u32 only_tid;
	u64 min_ns;
	u32 only_error; /* 0: any outcome; or ERROR_ANY */
	u32 per_second;
	u32 slot_mask;  /* number of slots - 1, a power of two */
	u32 cut_frames; /* a stack of this many frames was probably longer */
	u8 has_cgroups; /* 0: the kernel lacks the helper that tells the cgroup */
	u8 wants_others; /* calls that nothing is known of */
	u8 pad[2];
	struct register_layout registers;
	struct argument_layout arguments;
	u32 fact_tables[FACT_TABLES]; /* whose facts come first, second, third; TABLE_NONE: nobody's */
};

/* A thread begins one call at a time. */
struct slow_syscalls_key {
	u64 begun_ns; /* CLOCK_MONOTONIC */
	u32 tid;
	u32 call;
};
struct slow_syscalls_value {
	u64 duration_ns; /* so far, where it is in progress */
	u64 result;
	u64 args[CALL_ARGUMENTS];
	u64 cgroup;     /* id of the cgroup2 directory = its inode number; 0 unknown */
	u64 user_stack; /* hash of a stack in this batch; 0 none */
	u32 tgid;
	u32 life;       /* changes when a process with this tgid ends: rows of two lives may be of two processes */
	u32 error;      /* 0 = success */
	u32 finished;   /* 0: in progress */
	s32 file;       /* NO_FILE where the call works on none */
	u32 user_space; /* enum wire_space of user_stack */
	char comm[16];  /* of the thread */
	char path[PATH_BYTES];
};
struct slow_syscalls_row {
	struct slow_syscalls_key key;
	struct slow_syscalls_value value;
};
_Static_assert(sizeof(struct slow_syscalls_config) == 120, "slow_syscalls_config");
_Static_assert(sizeof(struct slow_syscalls_key) == 16, "slow_syscalls_key");
_Static_assert(sizeof(struct slow_syscalls_row) == 392, "slow_syscalls_row");

static inline u32 path_argument(u32 facts)
{
	return facts & FACT_PATH;
}

static inline u32 file_argument(u32 facts)
{
	return facts >> FACT_FILE_SHIFT & FACT_FILE;
}
#endif
