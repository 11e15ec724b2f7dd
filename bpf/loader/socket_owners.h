/* Which process has which socket: what sock_diag tells in each network namespace, joined with the links in
 * /proc/PID/fd. A look walks over every process, so callers decide how often one is worth it. What waits out its end
 * (TIME_WAIT), or was only asked for, is no socket here: there may be tens of thousands, and nobody has them. */
#ifndef SONDE_SOCKET_OWNERS_H
#define SONDE_SOCKET_OWNERS_H
#include <stddef.h>
#include <stdint.h>

#define SOCKET_COMM_LEN 16

/* One TCP or UDP socket. What an IPv6 socket says to IPv4 (::ffff:…) is IPv4 here. */
struct socket_seen {
	uint64_t cookie;
	uint64_t netns; /* inode of its network namespace */
	uint64_t cgroup; /* id; 0: not known (before Linux 5.8) */
	uint32_t inode; /* 0: no process has it (any more) */
	uint32_t tgid;  /* 0: not known. Of several, who listened first, or who got the connection last; never systemd */
	char comm[SOCKET_COMM_LEN];
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint8_t family;   /* 4 or 6 */
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	uint8_t state;    /* the kernel's number: 1 ESTABLISHED … 10 LISTEN */
	uint8_t pad;
	uint8_t local[16]; /* IPv4 in the first 4 bytes */
	uint8_t remote[16];
	const void *tcp_info; /* struct tcp_info as long as this kernel has it; NULL where there is none */
	size_t tcp_info_size;
};

typedef void (*socket_taker)(void *arg, const struct socket_seen *socket);

/* Calls `take` for every socket; what it is given lives during the call only. -1 where this kernel has no sock_diag. */
int socket_owners_look(socket_taker take, void *arg);
/* The same without owners, and with tcp_info only where it is wanted: a tenth of the work. */
int sockets_look(socket_taker take, void *arg, int with_info);
/* Inode of the network namespace we are in; 0 where it cannot be told. */
uint64_t socket_owners_own_netns(void);
#endif
