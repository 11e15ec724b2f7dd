/* Rows in arrays: a tenth of the cost of a hash table, for programs that count every event of the machine.
 *
 *  A cell is a row, key first; it is in use when the first word of its key is not 0. Each CPU has cells of its own and
 *  writes no others. A row lies in one of two neighbouring cells that a hash of its key points at or, where both are
 *  another's, in the hash table. The loader reads cells through memory that it shares with the kernel (Linux 5.5); where
 *  that cannot be, there are none.
 */
#ifndef SONDE_CELLS_BPF_H
#define SONDE_CELLS_BPF_H
#include "program.bpf.h"

/* Odd, with bits all over. Of a product the upper bits depend on all of the factors. */
#define CELL_FACTOR_0 0xc6a4a7935bd1e995ull
#define CELL_FACTOR_1 0x9e3779b97f4a7c15ull
#define CELL_SHIFT 40

/* The neighbour is at the number with its last bit turned over. */
static __always_inline u32 first_cell(const u64 words[2], u32 cpu, u32 cells_per_cpu)
{
	u64 hash = (words[0] ^ words[1] * CELL_FACTOR_1) * CELL_FACTOR_0;

	return cpu * cells_per_cpu + ((hash >> CELL_SHIFT) & (cells_per_cpu - 1));
}
#endif
