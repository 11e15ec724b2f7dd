#ifndef SONDE_CAPTURE_HASH_H
#define SONDE_CAPTURE_HASH_H
#include <stddef.h>
#include <stdint.h>

/* FNV-1a. Whoever picks ports so that they collide gets fewer names in his capture, nothing else. */
static inline uint32_t capture_hash(const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint32_t hash = 2166136261u;

	while (size--)
		hash = (hash ^ *at++) * 16777619u;
	return hash ^ hash >> 16;
}
#endif
