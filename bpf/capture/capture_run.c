/* A capture from its first packet to the last: what goes on while it runs, and its end in order. */
#include "capture_run.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "capture_filter.h"
#include "capture_interfaces.h"
#include "capture_out.h"
#include "clock.h"

#define COUNT_NS NS_PER_S
/* What was captured goes out for so long after the end was asked for; the rest is counted as lost. */
#define DRAIN_NS (10 * NS_PER_S)
#define LAST_WORDS_MS 10000
/* A block that is not full is handed over after 50 ms; a busy kernel takes longer. In turns and not by the clock, which goes
 * on while a virtual machine stands still. */
#define SETTLE_TURNS 500
#define SETTLE_MS 10

static void tell_counters(struct capture *c)
{
	struct capture_counters counters;

	capture_ring_count(&c->ring);
	counters = (struct capture_counters){
		.realtime_ns = clock_ns(CLOCK_REALTIME),
		.kept = c->taker.kept,
		.own = c->taker.left_out,
		.lost_ring = c->ring.lost,
		.lost_rate_limit = c->taker.over_rate,
	};
	/* Those that wait in the ring are seen when they are taken out of it. */
	counters.seen = counters.kept + counters.own + counters.lost_ring + counters.lost_rate_limit;
	capture_out_message(CAPTURE_COUNTERS, &counters, sizeof(counters));
}

/* Until the ring is empty or stdout takes no more. */
static void take_all(struct capture *c)
{
	const struct tpacket3_hdr *packet;

	while (capture_out_has_room() && (packet = capture_ring_peek(&c->ring))) {
		capture_take(&c->taker, packet, now_ns());
		capture_ring_pass(&c->ring);
	}
}

static int is_over(struct capture *c, const struct pollfd *fds)
{
	char ignored[256];

	if (fds[0].revents && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0)
		return 1;
	if (fds[1].revents)
		return 1;
	if (fds[2].revents)
		capture_interfaces_heard(c->news_fd);
	if (c->index && (fds[2].revents || fds[4].revents & POLLERR) && !capture_interfaces_is_there(c->index)) {
		c->end = CAPTURE_END_INTERFACE_GONE;
		return 1;
	}
	return 0;
}

/* An interface that goes down says so as an error, which stays until it is asked for. */
static void clear_error(int fd)
{
	socklen_t size = sizeof(int);
	int error;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

/* 0 = go on, 1 = the end was asked for, -1 = nobody reads any more. */
static int turn_once(struct capture *c)
{
	uint64_t now = now_ns();
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = c->signal_fd, .events = POLLIN },
		{ .fd = c->news_fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO, .events = capture_out_is_empty() ? 0 : POLLOUT },
		{ .fd = capture_out_has_room() ? c->ring.fd : -1, .events = POLLIN },
	};
	int pause = c->count_ns > now ? (int)((c->count_ns - now) / NS_PER_MS) + 1 : 0;

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), pause) < 0 && errno != EINTR)
		return -1;
	if (fds[3].revents & (POLLERR | POLLHUP | POLLNVAL))
		return -1;
	if (is_over(c, fds))
		return 1;
	if (fds[4].revents & POLLERR)
		clear_error(c->ring.fd);
	take_all(c);
	if (now_ns() >= c->count_ns && capture_out_has_room()) {
		c->count_ns = now_ns() + COUNT_NS;
		tell_counters(c);
	}
	return capture_out_flush();
}

static uint64_t taken(const struct capture *c)
{
	return c->taker.kept + c->taker.left_out + c->taker.over_rate + c->ring.lost;
}

/* The block that was being filled is handed over a moment after the last packet: the kernel's count says when all came. */
static void settle(struct capture *c)
{
	uint64_t drain_until = now_ns() + DRAIN_NS;

	capture_filter_close(c->ring.fd);
	for (int turn = 0;; turn++) {
		struct pollfd out = { .fd = STDOUT_FILENO, .events = capture_out_is_empty() ? 0 : POLLOUT };

		take_all(c);
		capture_ring_count(&c->ring);
		if (taken(c) >= c->ring.seen || capture_out_flush() < 0)
			return;
		if (capture_ring_peek(&c->ring) ? now_ns() > drain_until : turn > SETTLE_TURNS)
			return;
		poll(&out, 1, SETTLE_MS);
	}
}

/* What stdout did not take in time, or the kernel did not hand over: nobody will have these packets. */
static void count_rest(struct capture *c)
{
	for (; capture_ring_peek(&c->ring); capture_ring_pass(&c->ring))
		c->ring.lost++;
	capture_ring_count(&c->ring);
	if (c->ring.seen > taken(c))
		c->ring.lost += c->ring.seen - taken(c);
}

static void finish(struct capture *c)
{
	uint32_t end = c->end;

	settle(c);
	count_rest(c);
	tell_counters(c);
	capture_out_message(CAPTURE_END, &end, sizeof(end));
	capture_out_flush_within(LAST_WORDS_MS);
}

static int open_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

void capture_run(struct capture *c)
{
	int state;

	c->signal_fd = open_signals();
	c->news_fd = capture_interfaces_listen();
	c->count_ns = now_ns() + COUNT_NS;
	do
		state = turn_once(c);
	while (state == 0);
	if (state > 0)
		finish(c);
}
