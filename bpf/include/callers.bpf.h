/* Who calls, and what the registers of a caller tell: which table its numbers are from, and which call it is in.
 *
 *  Whoever includes this has a `config` of its own, with at least only_tgid, only_tid, only_cgroup, slot_mask and
 *  registers.
 */
#ifndef SONDE_CALLERS_BPF_H
#define SONDE_CALLERS_BPF_H
#include "program.bpf.h"
#include "calls.h"

#define X32_BIT 0x40000000u
#define CALL(table, number) ((u32)(table) << CALL_TABLE_SHIFT | (number))

static __always_inline int is_filtered(u64 id)
{
	return (config.only_tgid && id >> 32 != config.only_tgid) || (config.only_tid && (u32)id != config.only_tid) ||
	       (config.only_cgroup && bpf_get_current_cgroup_id() != config.only_cgroup);
}

/* `registers` is the kernel's struct pt_regs. Little endian: of a longer word this is the part that matters. */
static __always_inline u32 read_register(const void *registers, u32 offset)
{
	u32 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), registers + offset);
	return word;
}

static __always_inline u32 current_table(const void *registers)
{
	const volatile struct register_layout *layout = &config.registers;

	if (layout->compat_table != TABLE_NONE &&
	    (read_register(registers, layout->mode_offset) & layout->mode_mask) == layout->mode_compat)
		return layout->compat_table;
	return layout->native_table;
}

/* ARM's result register is 32 bits wide, and the kernel's tracepoint takes it for an unsigned one. */
static __always_inline int is_narrow(u32 call)
{
	return config.registers.narrow_table != TABLE_NONE && call >> CALL_TABLE_SHIFT == config.registers.narrow_table;
}

/* Numbers that do not fit are nobody's: they must not look like another. */
static __noinline u32 odd_call(u32 shifted_table, u32 number)
{
	if (config.registers.x32_table != TABLE_NONE && number >> CALL_TABLE_SHIFT == X32_BIT >> CALL_TABLE_SHIFT &&
	    shifted_table == config.registers.native_table << CALL_TABLE_SHIFT)
		return CALL(config.registers.x32_table, number & CALL_NUMBER_MASK);
	return shifted_table | CALL_NUMBER_UNKNOWN;
}

static __always_inline u32 call_of(u32 shifted_table, u32 number)
{
	return number >> CALL_TABLE_SHIFT ? odd_call(shifted_table, number) : shifted_table | number;
}

/* The call that is returning, of a thread whose entry was not seen. */
static __always_inline u32 returning_call(const void *registers)
{
	u32 table = current_table(registers);
	u32 offset = table == config.registers.native_table ? config.registers.native_number_offset
							    : config.registers.compat_number_offset;

	return call_of(table << CALL_TABLE_SHIFT, read_register(registers, offset));
}

/* fork, vfork, clone, clone3 */
static __always_inline int makes_threads(u32 call)
{
	switch (call) {
	case CALL(TABLE_X86_64, 56):
	case CALL(TABLE_X86_64, 57):
	case CALL(TABLE_X86_64, 58):
	case CALL(TABLE_X86_64, 435):
	case CALL(TABLE_X32, 56):
	case CALL(TABLE_X32, 57):
	case CALL(TABLE_X32, 58):
	case CALL(TABLE_X32, 435):
	case CALL(TABLE_I386, 2):
	case CALL(TABLE_I386, 120):
	case CALL(TABLE_I386, 190):
	case CALL(TABLE_I386, 435):
	case CALL(TABLE_ARM, 2):
	case CALL(TABLE_ARM, 120):
	case CALL(TABLE_ARM, 190):
	case CALL(TABLE_ARM, 435):
	case CALL(TABLE_ARM64, 220):
	case CALL(TABLE_ARM64, 435):
	case CALL(TABLE_RISCV64, 220):
	case CALL(TABLE_RISCV64, 435):
		return 1;
	default:
		return 0;
	}
}
#endif
