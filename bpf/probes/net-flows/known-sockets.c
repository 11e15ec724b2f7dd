#include "known-sockets.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "net-flows.h"
#include "socket_holds.h"

/* 10 MB of memory for a moment; what is beyond is told when it has traffic. */
#define MAX_SOCKETS 65536
#define RTT_MIN_UNKNOWN UINT32_MAX
#define STATE_LAST_ACK 9
#define STATE_CLOSING 11
#define LAST_STATE 11 /* CLOSING; beyond are requests */

static uint32_t figure(const struct socket_seen *seen, size_t offset)
{
	uint32_t value = 0;

	if (seen->tcp_info && offset + sizeof(value) <= seen->tcp_info_size)
		memcpy(&value, (const char *)seen->tcp_info + offset, sizeof(value));
	return value;
}

static uint64_t long_figure(const struct socket_seen *seen, size_t offset)
{
	uint64_t value = 0;

	if (seen->tcp_info && offset + sizeof(value) <= seen->tcp_info_size)
		memcpy(&value, (const char *)seen->tcp_info + offset, sizeof(value));
	return value;
}

/* The kernel counts the end of the other end's stream as a byte. */
static int has_heard_end(uint8_t state)
{
	return state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING;
}

/* Bytes that were sent are counted since Linux 4.19; before that, those that were acknowledged come near. */
static uint64_t sent_bytes(const struct socket_seen *seen)
{
	uint64_t sent = long_figure(seen, offsetof(struct tcp_info, tcpi_bytes_sent));

	if (seen->tcp_info_size < offsetof(struct tcp_info, tcpi_bytes_sent) + sizeof(sent))
		return long_figure(seen, offsetof(struct tcp_info, tcpi_bytes_acked));
	return sent - long_figure(seen, offsetof(struct tcp_info, tcpi_bytes_retrans));
}

static void take_figures(const struct socket_seen *seen, struct socket_figures *figures)
{
	uint64_t received = long_figure(seen, offsetof(struct tcp_info, tcpi_bytes_received));
	uint32_t rtt_min_us = figure(seen, offsetof(struct tcp_info, tcpi_min_rtt));

	*figures = (struct socket_figures){
		.sent = sent_bytes(seen),
		.received = received && has_heard_end(seen->state) ? received - 1 : received,
		.packets_sent = figure(seen, offsetof(struct tcp_info, tcpi_segs_out)),
		.packets_received = figure(seen, offsetof(struct tcp_info, tcpi_segs_in)),
		.retransmits = figure(seen, offsetof(struct tcp_info, tcpi_total_retrans)),
		.out_of_order = figure(seen, offsetof(struct tcp_info, tcpi_rcv_ooopack)),
		.rtt_us = figure(seen, offsetof(struct tcp_info, tcpi_rtt)),
		.rtt_min_us = rtt_min_us == RTT_MIN_UNKNOWN ? 0 : rtt_min_us,
	};
	if (figures->rtt_us)
		figures->rtt_deviation_us = figure(seen, offsetof(struct tcp_info, tcpi_rttvar));
}

/* What waits out its end, or has not begun, is no socket yet or any more. */
static int is_wanted(const struct socket_seen *seen)
{
	return seen->cookie && (seen->protocol == IPPROTO_UDP ? seen->local_port != 0 :
								seen->state != STATE_TIME_WAIT && seen->state <= LAST_STATE);
}

static void take(void *arg, const struct socket_seen *seen)
{
	struct known_sockets *sockets = arg;
	struct known_socket *socket;

	if (!is_wanted(seen) || sockets->count == MAX_SOCKETS)
		return;
	if (sockets->count == sockets->room) {
		struct known_socket *more = realloc(sockets->list, (sockets->room * 2 + 64) * sizeof(*more));

		if (!more)
			return;
		sockets->list = more;
		sockets->room = sockets->room * 2 + 64;
	}
	if (cookie_index_add(&sockets->index, seen->cookie, sockets->count) < 0)
		return;
	socket = &sockets->list[sockets->count++];
	*socket = (struct known_socket){ .seen = *seen };
	socket->seen.tcp_info = NULL;
	socket->is_listening = seen->protocol == IPPROTO_TCP ? seen->state == STATE_LISTEN : seen->remote_port == 0;
	if (socket->is_listening)
		return;
	take_figures(seen, &socket->figures);
}

static int by_cookie(const void *a, const void *b)
{
	uint64_t first = ((const struct known_socket *)a)->seen.cookie, second = ((const struct known_socket *)b)->seen.cookie;

	return (first > second) - (first < second);
}

int known_sockets_look(struct known_sockets *sockets, int with_figures)
{
	*sockets = (struct known_sockets){ 0 };
	if (sockets_look(take, sockets, with_figures) == 0)
		return 0;
	known_sockets_free(sockets);
	return -1;
}

static void own(const struct socket_holds *holds, struct socket_seen *seen)
{
	const struct holder *owner = socket_holds_owner(holds, seen->inode, seen->remote_port != 0);

	if (!owner)
		return;
	seen->tgid = owner->tgid;
	memcpy(seen->comm, owner->comm, sizeof(seen->comm));
}

void known_sockets_own(struct known_sockets *sockets, int (*lacks)(void *context, const struct known_socket *socket), void *context)
{
	struct socket_holds holds;
	int has_looked = 0;

	for (uint32_t i = 0; i < sockets->count; i++) {
		struct known_socket *socket = &sockets->list[i];

		if (socket->seen.inode == 0 || !lacks(context, socket))
			continue;
		if (!has_looked)
			socket_holds_look(&holds, 1);
		has_looked = 1;
		own(&holds, &socket->seen);
	}
	if (has_looked)
		socket_holds_free(&holds);
}

void known_sockets_sort(struct known_sockets *sockets)
{
	cookie_index_free(&sockets->index);
	if (sockets->count)
		qsort(sockets->list, sockets->count, sizeof(*sockets->list), by_cookie);
}

const struct known_socket *known_sockets_find(const struct known_sockets *sockets, uint64_t cookie)
{
	uint32_t place = cookie_index_find(&sockets->index, cookie);

	return place == COOKIE_UNKNOWN ? NULL : &sockets->list[place];
}

int known_sockets_listen(const struct known_sockets *sockets, uint64_t netns, uint16_t port)
{
	for (uint32_t i = 0; i < sockets->count; i++) {
		const struct known_socket *socket = &sockets->list[i];

		if (socket->is_listening && socket->seen.protocol == IPPROTO_TCP && socket->seen.local_port == port &&
		    socket->seen.netns == netns)
			return 1;
	}
	return 0;
}

int known_sockets_has_netns(const struct known_sockets *sockets, uint64_t netns)
{
	for (uint32_t i = 0; i < sockets->count; i++)
		if (sockets->list[i].seen.netns == netns)
			return 1;
	return 0;
}

void known_sockets_free(struct known_sockets *sockets)
{
	free(sockets->list);
	cookie_index_free(&sockets->index);
	*sockets = (struct known_sockets){ 0 };
}
