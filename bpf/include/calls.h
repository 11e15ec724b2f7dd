/* System calls as programs and the loader speak of them, and what a thread leaves behind while it is in one. */
#ifndef SONDE_CALLS_H
#define SONDE_CALLS_H
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

#define MAX_ERROR 4095 /* results from -4095 to -1 are errors */

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

/* Where the arguments still lie when a call returns, likewise. Those of 32-bit callers have 4 bytes everywhere. */
#define CALL_ARGUMENTS 6
struct argument_layout {
	u16 native_offsets[CALL_ARGUMENTS];
	u16 compat_offsets[CALL_ARGUMENTS];
	u32 native_bytes;
};

/* See slots.bpf.h. */
struct slot {
	u64 owner;    /* thread id << 32 | its latest call. One word: threads that race for a slot cannot mix theirs */
	u64 start_ns; /* 0: no call in flight */
	u32 life;
	u32 table;    /* << CALL_TABLE_SHIFT, of the owner; 0: not known since it began or replaced its program */
	u32 changes;  /* not the owner's: see next_life() */
	u32 tgid;     /* of the owner */
};
_Static_assert(sizeof(struct register_layout) == 36, "register_layout");
_Static_assert(sizeof(struct argument_layout) == 28, "argument_layout");
_Static_assert(sizeof(struct slot) == 32, "slot");
#endif
