/* Durations by powers of two. The instruction set that the oldest kernels know has nothing that counts leading zeros. */
#ifndef SONDE_BUCKETS_BPF_H
#define SONDE_BUCKETS_BPF_H
#include "program.bpf.h"

/* Of the numbers below 256; in a section of its own, because the loader sets all of the ordinary one. */
#define TWICE(n) n, n
#define FOUR(n) TWICE(n), TWICE(n)
#define SIXTEEN(n) FOUR(n), FOUR(n), FOUR(n), FOUR(n)
const volatile u8 small_log2[256] SEC(".rodata.log2") = {
	0, 0, TWICE(1), FOUR(2), FOUR(3), FOUR(3), SIXTEEN(4), SIXTEEN(5), SIXTEEN(5),
	SIXTEEN(6), SIXTEEN(6), SIXTEEN(6), SIXTEEN(6), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7),
	SIXTEEN(7), SIXTEEN(7), SIXTEEN(7), SIXTEEN(7),
};

/* Most calls take less than 65 us: for them this is two comparisons and a look. */
static __always_inline u64 log2_of(u64 ns)
{
	u64 log2 = 0;

	if (ns >> 16) {
		ns >>= 16;
		log2 = 16;
		if (ns >> 16) {
			ns >>= 16;
			log2 = 32;
		}
		if (ns >> 16) {
			ns >>= 16;
			log2 = 48;
		}
	}
	if (ns >> 8) {
		ns >>= 8;
		log2 += 8;
	}
	return log2 + small_log2[ns & 0xff];
}
#endif
