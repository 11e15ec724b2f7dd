/* Types shared by the kernel side (syscalls.bpf.c) and the loader (syscalls.c). */
#ifndef SONDE_SYSCALLS_H
#define SONDE_SYSCALLS_H
#include "types.h"

/* A call is a table and a number in it: table << CALL_TABLE_SHIFT | number. The numbers of the tables are those of
 * remote-agent/protocol/syscalls. */
#define CALL_TABLE_SHIFT 24
#define CALL_NUMBER_MASK 0xffffffu
#define CALL_NUMBER_UNKNOWN CALL_NUMBER_MASK

enum call_table {
	TABLE_NONE = 0,
	TABLE_X86_64 = 1,
	TABLE_I386 = 2,
	TABLE_X32 = 3,
	TABLE_ARM64 = 4,
	TABLE_ARM = 5,
	TABLE_RISCV64 = 6,
};

/* b: from 2^b up to 2^(b+1) ns, b = 0 also 0 ns. */
#define BUCKET_UNKNOWN 255

/* Where a processor keeps what the programs must know of a caller: offsets into the kernel's struct pt_regs. */
struct register_layout {
	u32 mode_offset; /* the word that tells which table applies */
	u32 mode_mask;
	u32 mode_compat; /* mode & mask of a 32-bit caller */
	u32 native_table;
	u32 compat_table; /* TABLE_NONE: there are none, the word is not read */
	u32 narrow_table; /* its results are 32 bits, and their sign may have been lost on the way; TABLE_NONE: none's are */
	u32 x32_table;    /* TABLE_NONE: bit 30 of a number means nothing */
	u32 native_number_offset; /* the register in which a call's number still lies when it returns; likewise below */
	u32 compat_number_offset;
};

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
_Static_assert(sizeof(struct register_layout) == 36, "register_layout");
_Static_assert(sizeof(struct syscalls_config) == 72, "syscalls_config");
_Static_assert(sizeof(union syscalls_key) == 16, "syscalls_key");
_Static_assert(sizeof(struct syscalls_row) == 80, "syscalls_row");
#endif
