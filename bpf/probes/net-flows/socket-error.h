/* Where in its sockets the kernel keeps the error that their owner will be told. Without BTF nobody says; so two connections
 * of our own over loopback fail, each for a reason of its own, and where both reasons stand is the place. */
#ifndef SONDE_SOCKET_ERROR_H
#define SONDE_SOCKET_ERROR_H

struct run;

/* Tells the programs, which are loaded and not yet attached. -1 with a fault raised: nothing can be attached here. Where
 * there is no loopback the place stays unknown, and the run's note says so. */
int socket_error_find(struct run *run);
#endif
