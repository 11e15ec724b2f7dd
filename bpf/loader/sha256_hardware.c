/* SHA-256 with the instructions of x86-64 (SHA-NI) and arm64 (crypto extension). Four rounds per turn; the sixteen words
 * of the schedule are four registers in a ring: register i holds words 4i to 4i+3, then those sixteen later.
 */
#include "sha256_blocks.h"

#define QUADS 16
#define SCHEDULED_QUADS (QUADS - 4) /* the last four make no words for later ones */

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

__attribute__((target("sha,sse4.1"))) static void add_blocks(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	__m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	/* The order that the instructions want. */
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	__m128i feba, dchg;

	for (; blocks > 0; blocks--, data += SHA256_BLOCK_BYTES) {
		__m128i abef_before = abef, cdgh_before = cdgh, w[4];

		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)data + i), big_endian);
#pragma GCC unroll 16
		for (int i = 0; i < QUADS; i++) {
			__m128i k = _mm_add_epi32(w[i & 3], _mm_loadu_si128((const __m128i *)sha256_k + i));

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e));
			if (i < SCHEDULED_QUADS) {
				__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
							    _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));

				w[i & 3] = _mm_sha256msg2_epu32(sum, w[(i + 3) & 3]);
			}
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	feba = _mm_shuffle_epi32(abef, 0x1b);
	dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

sha256_add_blocks sha256_hardware(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
		return NULL;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA ? add_blocks : NULL;
}

#elif defined(__aarch64__)

#include <arm_neon.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>

__attribute__((target("+crypto"))) static void add_blocks(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);

	for (; blocks > 0; blocks--, data += SHA256_BLOCK_BYTES) {
		uint32x4_t abcd_before = abcd, efgh_before = efgh, w[4];

		for (int i = 0; i < 4; i++)
			w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(data + 16 * i)));
#pragma GCC unroll 16
		for (int i = 0; i < QUADS; i++) {
			uint32x4_t k = vaddq_u32(w[i & 3], vld1q_u32(sha256_k + 4 * i)), old = abcd;

			abcd = vsha256hq_u32(abcd, efgh, k);
			efgh = vsha256h2q_u32(efgh, old, k);
			if (i < SCHEDULED_QUADS)
				w[i & 3] = vsha256su1q_u32(vsha256su0q_u32(w[i & 3], w[(i + 1) & 3]),
							   w[(i + 2) & 3], w[(i + 3) & 3]);
		}
		abcd = vaddq_u32(abcd, abcd_before);
		efgh = vaddq_u32(efgh, efgh_before);
	}
	vst1q_u32(state, abcd);
	vst1q_u32(state + 4, efgh);
}

sha256_add_blocks sha256_hardware(void)
{
	return getauxval(AT_HWCAP) & HWCAP_SHA2 ? add_blocks : NULL;
}

#else

sha256_add_blocks sha256_hardware(void)
{
	return NULL;
}

#endif
