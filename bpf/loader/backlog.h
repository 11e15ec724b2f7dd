/* How much of what was written to stdout has not been read yet. */
#ifndef SONDE_BACKLOG_H
#define SONDE_BACKLOG_H

/* Whether the reader still has an earlier message before it. 0 where that cannot be known (a file, a terminal). */
int backlog_is_there(int fd);
#endif
