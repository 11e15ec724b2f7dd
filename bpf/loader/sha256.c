/* SHA-256, and the verb that prints it for boxes without sha256sum. */
#include "sha256.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "exit.h"
#include "sha256_blocks.h"
#include "verbs.h"

const uint32_t sha256_k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t big_endian(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* One round. Instead of moving eight values along, the caller names them one place further. */
#define ROUND(a, b, c, d, e, f, g, h, i) \
	do { \
		uint32_t t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + sha256_k[i] + w[i]; \
		uint32_t t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b))); \
		d += t1; \
		h = t1 + t2; \
	} while (0)

static void add_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[64];

	for (int i = 0; i < 16; i++)
		w[i] = big_endian(block + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
	for (int i = 0; i < 64; i += 8) {
		ROUND(a, b, c, d, e, f, g, h, i);
		ROUND(h, a, b, c, d, e, f, g, i + 1);
		ROUND(g, h, a, b, c, d, e, f, i + 2);
		ROUND(f, g, h, a, b, c, d, e, i + 3);
		ROUND(e, f, g, h, a, b, c, d, i + 4);
		ROUND(d, e, f, g, h, a, b, c, i + 5);
		ROUND(c, d, e, f, g, h, a, b, i + 6);
		ROUND(b, c, d, e, f, g, h, a, i + 7);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

static void add_blocks_in_c(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	for (; blocks > 0; blocks--, data += SHA256_BLOCK_BYTES)
		add_block(state, data);
}

static void add_blocks(struct sha256 *sha, const uint8_t *data, size_t blocks)
{
	static sha256_add_blocks way;

	if (!way)
		way = sha256_hardware();
	if (!way)
		way = add_blocks_in_c;
	way(sha->state, data, blocks);
}

void sha256_start(struct sha256 *sha)
{
	static const uint32_t initial[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(sha->state, initial, sizeof(initial));
	sha->bytes = 0;
}

void sha256_add(struct sha256 *sha, const void *data, size_t size)
{
	const uint8_t *from = data;
	size_t filled = sha->bytes % 64;

	sha->bytes += size;
	if (filled) {
		size_t part = size < 64 - filled ? size : 64 - filled;

		memcpy(sha->block + filled, from, part);
		from += part;
		size -= part;
		if (filled + part < 64)
			return;
		add_blocks(sha, sha->block, 1);
	}
	add_blocks(sha, from, size / 64);
	memcpy(sha->block, from + size / 64 * 64, size % 64);
}

void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX_SIZE])
{
	uint8_t ending[72] = { 0x80 };
	uint64_t bits = sha->bytes * 8;
	size_t zeros = (sha->bytes % 64 < 56 ? 56 : 120) - sha->bytes % 64;

	for (int i = 0; i < 8; i++)
		ending[zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(sha, ending, zeros + 8);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 8 * i, 9, "%08x", sha->state[i]);
}

static int print_sum(const char *path)
{
	static uint8_t buffer[1 << 16];
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	sha256_start(&sha);
	while (fd >= 0 && (got = read(fd, buffer, sizeof(buffer))) > 0)
		sha256_add(&sha, buffer, (size_t)got);
	if (fd < 0 || got < 0) {
		fprintf(stderr, "loader: cannot read %s: %s\n", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	sha256_hex(&sha, hex);
	printf("%s  %s\n", hex, path);
	return 0;
}

int run_sha256(int argc, char **argv)
{
	int result = EXIT_done;

	if (argc < 2)
		return usage("sha256");
	for (int i = 1; i < argc; i++)
		if (print_sum(argv[i]) < 0)
			result = EXIT_failed;
	return result;
}
