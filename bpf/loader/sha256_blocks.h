/* Adding whole blocks of 64 bytes: in plain C, or with the processor's own instructions. */
#ifndef SONDE_SHA256_BLOCKS_H
#define SONDE_SHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BLOCK_BYTES 64

extern const uint32_t sha256_k[64];

typedef void (*sha256_add_blocks)(uint32_t state[8], const uint8_t *data, size_t blocks);

/* NULL: this processor has none. With them, checking what is sent to a device costs it a tenth. */
sha256_add_blocks sha256_hardware(void);

#endif
