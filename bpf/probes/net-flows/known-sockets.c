#include "known-sockets.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "net-flows.h"

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

int known_sockets_look(struct known_sockets *sockets)
{
	*sockets = (struct known_sockets){ 0 };
	if (socket_owners_look(take, sockets) < 0) {
		known_sockets_free(sockets);
		return -1;
	}
	if (sockets->count)
		qsort(sockets->list, sockets->count, sizeof(*sockets->list), by_cookie);
	return 0;
}

const struct known_socket *known_sockets_find(const struct known_sockets *sockets, uint64_t cookie)
{
	struct known_socket wanted = { .seen.cookie = cookie };

	return sockets->count ? bsearch(&wanted, sockets->list, sockets->count, sizeof(wanted), by_cookie) : NULL;
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
	*sockets = (struct known_sockets){ 0 };
}
