#include "socket-error.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "net-flows.h"
#include "object.h"
#include "probe.h"

/* What loopback does, it does at once; a rule of its firewall may swallow it. */
#define PATIENCE_MS 200

union end {
	struct sockaddr any;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
};

static int open_socket(int family)
{
	struct timeval patience = { .tv_usec = PATIENCE_MS * 1000 };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	}
	return fd;
}

/* At a free port of loopback, which `end` then says. */
static int open_bound(int family, union end *end)
{
	socklen_t size = family == AF_INET ? sizeof(end->ip4) : sizeof(end->ip6);
	int fd = open_socket(family);

	*end = (union end){ .any.sa_family = (sa_family_t)family };
	if (family == AF_INET)
		end->ip4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		end->ip6.sin6_addr = in6addr_loopback;
	if (fd >= 0 && (bind(fd, &end->any, size) < 0 || getsockname(fd, &end->any, &size) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Nobody listens: ECONNREFUSED. */
static void be_refused(int family)
{
	union end end;
	int bound = open_bound(family, &end), caller = open_socket(family);

	if (bound >= 0 && caller >= 0)
		connect(caller, &end.any, sizeof(end));
	close(caller);
	close(bound);
}

/* The other end closes at once and without a word: ECONNRESET. */
static void be_reset(int family)
{
	static const struct linger AT_ONCE = { .l_onoff = 1 };
	union end end;
	int bound = open_bound(family, &end), caller = open_socket(family), accepted = -1;
	struct pollfd wait = { .fd = caller, .events = POLLIN };

	if (bound >= 0 && listen(bound, 1) == 0 && caller >= 0 && connect(caller, &end.any, sizeof(end)) == 0)
		accepted = accept(bound, NULL, NULL);
	if (accepted >= 0) {
		setsockopt(accepted, SOL_SOCKET, SO_LINGER, &AT_ONCE, sizeof(AT_ONCE));
		close(accepted);
		poll(&wait, 1, PATIENCE_MS);
	}
	close(caller);
	close(bound);
}

static int take_sample(int fd, void (*fail)(int), int family, struct socket_sample *sample)
{
	uint32_t zero = 0;

	*sample = (struct socket_sample){ .tgid = (uint32_t)getpid() };
	if (bpf_map_update_elem(fd, &zero, sample, BPF_ANY) < 0)
		return 0;
	fail(family);
	return bpf_map_lookup_elem(fd, &zero, sample) == 0 && sample->is_taken;
}

/* 0: there is none, or more than one. */
static uint32_t place_in(const struct socket_sample *refused, const struct socket_sample *reset)
{
	uint32_t place = 0;

	for (uint32_t i = 0; i < SAMPLE_WORDS; i++) {
		if (refused->words[i] != ECONNREFUSED || reset->words[i] != ECONNRESET)
			continue;
		if (place)
			return 0;
		place = i * (uint32_t)sizeof(refused->words[0]);
	}
	return place;
}

static int map_of(const struct run *run, const char *name)
{
	return bpf_map__fd(bpf_object__find_map_by_name(run->object, name));
}

static uint32_t find_place(const struct run *run)
{
	static const int FAMILIES[] = { AF_INET, AF_INET6 };
	struct socket_sample refused, reset;
	int fd = map_of(run, "samples");
	uint32_t place = 0;

	for (size_t i = 0; i < sizeof(FAMILIES) / sizeof(FAMILIES[0]) && !place; i++)
		if (take_sample(fd, be_refused, FAMILIES[i], &refused) && take_sample(fd, be_reset, FAMILIES[i], &reset))
			place = place_in(&refused, &reset);
	return place;
}

int socket_error_find(struct run *run)
{
	static const struct tracepoint SAMPLE[] = { { "sample_socket", "inet_sock_set_state" }, { 0 } };
	uint32_t zero = 0, place;

	if (object_attach(run, SAMPLE) < 0)
		return -1;
	place = find_place(run);
	object_detach(run);
	if (place)
		bpf_map_update_elem(map_of(run, ".data.error"), &zero, &place, BPF_ANY);
	else
		run->note = "the kernel did not show where it keeps the errors of sockets, perhaps because there is no loopback: "
			    "why a connection failed is not told";
	return 0;
}
