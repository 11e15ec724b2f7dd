/* Types shared by the kernel side (syscalls.bpf.c) and the loader (syscalls.c). */
#ifndef SONDE_SYSCALLS_H
#define SONDE_SYSCALLS_H
#include "calls.h"

/* b: from 2^b up to 2^(b+1) ns, b = 0 also 0 ns. */
#define BUCKET_UNKNOWN 255

/* Read-only for the programs: the verifier knows the values and removes what they switch off. */
struct syscalls_config {
	u64 only_cgroup; /* 0 = all; likewise below */
	u32 only_tgid;
	u32 only_tid;
	u32 slot_mask; /* number of slots - 1, a power of two */
	u32 cells_per_cpu; /* a power of two; 0: all rows go into the hash table */
	u8 has_cgroups; /* 0: the kernel lacks the helper that tells the cgroup */
	u8 pad[7];
	struct register_layout registers;
	u32 pad_2;
};

/* What makes two calls fall into one row. Packed into two words, because finding a row is most of what a call costs.
 * The CPU is among it, so only one CPU ever adds to a row: no atomic addition is needed. The agent adds up rows that
 * differ in nothing else. */
union syscalls_key {
	struct {
		u32 call;
		u32 tid;     /* never 0: nor is the first word, as cells want it */
		u32 outcome; /* errno << 8 | bucket */
		u16 cpu;
		u16 life;
	};
	u64 words[2];
};

/* The row's facts as the agent reads them are written once, when the row is made. */
struct syscalls_value {
	u64 calls;
	u64 total;   /* ns; adds nothing where the duration is not known; likewise below */
	u64 longest; /* ns */
	u64 cgroup;  /* id of the cgroup2 directory = its inode number; 0 unknown */
	u32 tgid;
	u32 life;    /* changes when a process with this tgid ends: rows of two lives may be of two processes */
	u32 error;   /* 0 = success */
	u32 bucket;
	char comm[16]; /* of the thread */
};
struct syscalls_row {
	union syscalls_key key;
	struct syscalls_value value;
};
_Static_assert(sizeof(struct syscalls_config) == 72, "syscalls_config");
_Static_assert(sizeof(union syscalls_key) == 16, "syscalls_key");
_Static_assert(sizeof(struct syscalls_row) == 80, "syscalls_row");
#endif
