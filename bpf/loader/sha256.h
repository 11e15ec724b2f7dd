/* SHA-256 (FIPS 180-4). */
#ifndef SONDE_SHA256_H
#define SONDE_SHA256_H
#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX_SIZE 65 /* 64 digits and NUL */

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;
	uint8_t block[64];
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t size);
/* Ends the sum and writes it as lower-case hexadecimal. */
void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX_SIZE]);
#endif
