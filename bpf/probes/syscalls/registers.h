/* The kernel's struct pt_regs of this processor. Its layout is what ptrace shows to debuggers, so it does not change. */
#ifndef SONDE_SYSCALLS_REGISTERS_H
#define SONDE_SYSCALLS_REGISTERS_H
#include "syscalls.h"

#if defined(__x86_64__)
/* cs is 16 bits wide; 0x23 is the segment of 32-bit code. */
#define REGISTERS { \
	.mode_offset = 136, .mode_mask = 0xffff, .mode_compat = 0x23, \
	.native_table = TABLE_X86_64, .compat_table = TABLE_I386, .x32_table = TABLE_X32, \
	.native_number_offset = 120, .compat_number_offset = 120, /* orig_ax */ \
}
#elif defined(__aarch64__)
/* pstate's bit 4 is set in AArch32. Numbers come in w8, or in r7. */
#define REGISTERS { \
	.mode_offset = 264, .mode_mask = 0x10, .mode_compat = 0x10, \
	.native_table = TABLE_ARM64, .compat_table = TABLE_ARM, .narrow_table = TABLE_ARM, \
	.native_number_offset = 64, .compat_number_offset = 56, \
}
#elif defined(__arm__)
#define REGISTERS { .native_table = TABLE_ARM, .narrow_table = TABLE_ARM, .native_number_offset = 28 /* r7 */ }
#elif defined(__riscv) && __riscv_xlen == 64
#define REGISTERS { .native_table = TABLE_RISCV64, .native_number_offset = 136 /* a7 */ }
#else
#error "tell where this processor keeps the number of a system call"
#endif
#endif
