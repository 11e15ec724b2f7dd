/* The kernel's struct pt_regs of this processor. Its layout is what ptrace shows to debuggers, so it does not change. */
#ifndef SONDE_REGISTERS_H
#define SONDE_REGISTERS_H
#include "calls.h"

#if defined(__x86_64__)
/* cs is 16 bits wide; 0x23 is the segment of 32-bit code. */
#define REGISTERS { \
	.mode_offset = 136, .mode_mask = 0xffff, .mode_compat = 0x23, \
	.native_table = TABLE_X86_64, .compat_table = TABLE_I386, .x32_table = TABLE_X32, \
	.native_number_offset = 120, .compat_number_offset = 120, /* orig_ax */ \
}
/* di si dx r10 r8 r9; bx cx dx si di bp */
#define ARGUMENTS { \
	.native_offsets = { 112, 104, 96, 56, 72, 64 }, .compat_offsets = { 40, 88, 96, 104, 112, 32 }, .native_bytes = 8, \
}
#elif defined(__aarch64__)
/* pstate's bit 4 is set in AArch32. Numbers come in w8, or in r7. */
#define REGISTERS { \
	.mode_offset = 264, .mode_mask = 0x10, .mode_compat = 0x10, \
	.native_table = TABLE_ARM64, .compat_table = TABLE_ARM, .narrow_table = TABLE_ARM, \
	.native_number_offset = 64, .compat_number_offset = 56, \
}
/* The result is in x0: what was there before lies behind the registers. */
#define ARGUMENTS { \
	.native_offsets = { 272, 8, 16, 24, 32, 40 }, .compat_offsets = { 272, 8, 16, 24, 32, 40 }, .native_bytes = 8, \
}
#elif defined(__arm__)
#define REGISTERS { .native_table = TABLE_ARM, .narrow_table = TABLE_ARM, .native_number_offset = 28 /* r7 */ }
#define ARGUMENTS { .native_offsets = { 68 /* orig_r0 */, 4, 8, 12, 16, 20 }, .native_bytes = 4 }
#elif defined(__riscv) && __riscv_xlen == 64
#define REGISTERS { .native_table = TABLE_RISCV64, .native_number_offset = 136 /* a7 */ }
#define ARGUMENTS { .native_offsets = { 280 /* orig_a0 */, 88, 96, 104, 112, 120 }, .native_bytes = 8 }
#else
#error "tell where this processor keeps the number of a system call"
#endif
#endif
