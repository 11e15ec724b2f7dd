/* Finds by cookie, without sorting. Cookies are numbers that the kernel gives one after the other. */
#ifndef SONDE_COOKIE_INDEX_H
#define SONDE_COOKIE_INDEX_H
#include <stdint.h>

#define COOKIE_UNKNOWN UINT32_MAX

struct cookie_place {
	uint64_t cookie; /* 0: free */
	uint32_t place;
};

/* Open addressing. */
struct cookie_index {
	struct cookie_place *slots; /* a power of two, at most half of them taken */
	uint32_t slot_count, count;
};

/* 0, or -1 where there is no memory: it is then not in. */
int cookie_index_add(struct cookie_index *index, uint64_t cookie, uint32_t place);
/* Its place; COOKIE_UNKNOWN: it is not in. */
uint32_t cookie_index_find(const struct cookie_index *index, uint64_t cookie);
void cookie_index_free(struct cookie_index *index);
#endif
