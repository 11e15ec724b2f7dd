/* Types shared by the kernel side (cpu-profile.bpf.c) and the loader (cpu-profile.c). */
#ifndef SONDE_CPU_PROFILE_H
#define SONDE_CPU_PROFILE_H
#include "types.h"

/* Read-only for the programs: the verifier knows the values and removes what they switch off. */
struct cpu_profile_config {
	u64 only_cgroup; /* 0 = all; likewise below */
	u32 only_tgid;
	u32 only_tid;
	u32 only_cpu_plus_1;
	u32 cut_frames; /* a stack of this many frames was probably longer */
	u32 slot_hundredths; /* length of a slot; 0 = samples are not told apart by when they were taken */
	u32 slot_reciprocal; /* of that, for slot_of */
	u8 has_cgroups; /* 0: the kernel lacks the helper that tells the cgroup */
	u8 pad[7];
};

/* One row of a batch: who ran where with which stacks, and how often. Key first, sum last.
 * The CPU is in the key, so only one CPU ever adds to a row: no atomic addition is needed. */
struct cpu_profile_key {
	u64 cgroup;            /* id of the cgroup2 directory = its inode number; 0 unknown */
	u64 kernel_stack;      /* hash of a stack in this batch; 0 none */
	u64 user_stack;        /* likewise */
	u32 tgid;
	u32 tid;
	u32 cpu;
	u8 user_space;         /* enum wire_space of user_stack */
	u8 pad[3];
	char comm[16];         /* of the thread */
	u32 slot;              /* when, as time_slots.h tells it; 0 not told */
	u32 pad2;
};
struct cpu_profile_row {
	struct cpu_profile_key key;
	u64 samples;
};
_Static_assert(sizeof(struct cpu_profile_config) == 40, "cpu_profile_config");
_Static_assert(sizeof(struct cpu_profile_key) == 64, "cpu_profile_key");
_Static_assert(sizeof(struct cpu_profile_row) == 72, "cpu_profile_row");
#endif
