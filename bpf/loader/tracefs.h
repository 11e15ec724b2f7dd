/* What the kernel tells of its tracepoints, mounted or not. */
#ifndef SONDE_TRACEFS_H
#define SONDE_TRACEFS_H
#include <stddef.h>

/* `path` below the file system's root, such as events/skb/kfree_skb/format, as text that ends with 0 and is cut where it
 * does not fit. 0, or -1: it cannot be read. */
int tracefs_read(const char *path, char *text, size_t size);
#endif
