#include "socket_owners.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "socket_holds.h"

#define DIAG_BYTES (32 << 10)
/* The kernel's numbers of states in which a connection is no socket. */
#define TIME_WAIT 6
#define NEW_SYN_RECV 12

uint64_t socket_owners_own_netns(void)
{
	struct stat found;

	return stat("/proc/self/ns/net", &found) < 0 ? 0 : found.st_ino;
}

static void take_address(struct socket_seen *seen, const struct inet_diag_sockid *id)
{
	static const uint8_t MAPPED[12] = { [10] = 0xff, 0xff };
	const uint8_t *local = (const uint8_t *)id->idiag_src, *remote = (const uint8_t *)id->idiag_dst;

	seen->local_port = ntohs(id->idiag_sport);
	seen->remote_port = ntohs(id->idiag_dport);
	if (seen->family == 6 && !memcmp(local, MAPPED, sizeof(MAPPED))) {
		seen->family = 4;
		memcpy(seen->local, local + 12, 4);
		memcpy(seen->remote, remote + 12, 4);
		return;
	}
	memcpy(seen->local, local, seen->family == 4 ? 4 : 16);
	memcpy(seen->remote, remote, seen->family == 4 ? 4 : 16);
}

static void take_attributes(struct socket_seen *seen, const struct nlmsghdr *message)
{
	int left = (int)message->nlmsg_len - (int)NLMSG_LENGTH(sizeof(struct inet_diag_msg));
	const uint8_t *at = (const uint8_t *)NLMSG_DATA(message) + NLMSG_ALIGN(sizeof(struct inet_diag_msg));

	while (left >= (int)sizeof(struct nlattr)) {
		const struct nlattr *attribute = (const struct nlattr *)at;
		int step = NLA_ALIGN(attribute->nla_len);

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > left)
			return;
		if (attribute->nla_type == INET_DIAG_INFO) {
			seen->tcp_info = at + NLA_HDRLEN;
			seen->tcp_info_size = attribute->nla_len - NLA_HDRLEN;
		}
		if (attribute->nla_type == INET_DIAG_CGROUP_ID && attribute->nla_len == NLA_HDRLEN + sizeof(seen->cgroup))
			memcpy(&seen->cgroup, at + NLA_HDRLEN, sizeof(seen->cgroup));
		at += step;
		left -= step;
	}
}

struct dump {
	const struct socket_holds *holds; /* where owners are wanted */
	int with_info;
	uint64_t netns;
	uint8_t protocol;
	socket_taker take;
	void *arg;
};

static void take_message(const struct dump *dump, const struct nlmsghdr *message)
{
	const struct inet_diag_msg *diag = NLMSG_DATA(message);
	struct socket_seen seen = { .netns = dump->netns, .protocol = dump->protocol };
	const struct holder *owner;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*diag)))
		return;
	seen.family = diag->idiag_family == AF_INET ? 4 : 6;
	seen.state = diag->idiag_state;
	seen.inode = diag->idiag_inode;
	seen.cookie = (uint64_t)diag->id.idiag_cookie[1] << 32 | diag->id.idiag_cookie[0];
	take_address(&seen, &diag->id);
	take_attributes(&seen, message);
	owner = dump->holds ? socket_holds_owner(dump->holds, seen.inode, seen.remote_port != 0) : NULL;
	if (owner) {
		seen.tgid = owner->tgid;
		memcpy(seen.comm, owner->comm, sizeof(seen.comm));
	}
	dump->take(dump->arg, &seen);
}

static int ask(int fd, uint8_t family, const struct dump *dump)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
	} message = {
		.header = { .nlmsg_len = sizeof(message), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.request = {
			.sdiag_family = family,
			.sdiag_protocol = dump->protocol,
			.idiag_states = ~(1u << TIME_WAIT | 1u << NEW_SYN_RECV),
		},
	};

	if (dump->protocol == IPPROTO_TCP && dump->with_info)
		message.request.idiag_ext = 1 << (INET_DIAG_INFO - 1);
	return send(fd, &message, sizeof(message), 0) < 0 ? -1 : 0;
}

/* A kernel may have it for TCP and not for UDP, or without IPv6: each is its own dump. */
static int dump_sockets(int fd, uint8_t family, const struct dump *dump)
{
	static uint8_t buffer[DIAG_BYTES] __attribute__((aligned(8)));

	if (ask(fd, family, dump) < 0)
		return -1;
	for (;;) {
		ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
		const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		for (size_t left = (size_t)got; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
			if (message->nlmsg_type == NLMSG_DONE)
				return 0;
			if (message->nlmsg_type == NLMSG_ERROR)
				return -1;
			take_message(dump, message);
		}
	}
}

static int dump_all(int fd, struct dump *dump)
{
	static const uint8_t FAMILIES[] = { AF_INET, AF_INET6 }, PROTOCOLS[] = { IPPROTO_TCP, IPPROTO_UDP };
	int result = -1;

	for (int p = 0; p < 2; p++) {
		dump->protocol = PROTOCOLS[p];
		for (int f = 0; f < 2; f++)
			if (dump_sockets(fd, FAMILIES[f], dump) == 0)
				result = 0;
	}
	return result;
}

/* A socket stays in the namespace it was made in, so we are back in ours before anything is asked. */
static int open_diag(int tgid, uint64_t netns, uint64_t own_netns)
{
	int own = -1, other = -1, fd = -1;
	char path[64];

	if (netns != own_netns) {
		snprintf(path, sizeof(path), "/proc/%d/ns/net", tgid);
		own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		other = open(path, O_RDONLY | O_CLOEXEC);
		if (own < 0 || other < 0 || setns(other, CLONE_NEWNET) < 0)
			goto cleanup;
	}
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (netns != own_netns && setns(own, CLONE_NEWNET) < 0)
		abort(); /* nothing we would do in a foreign namespace is right */
cleanup:
	if (own >= 0)
		close(own);
	if (other >= 0)
		close(other);
	return fd;
}

static int look_in_namespaces(struct dump *dump, const struct socket_holds *holds)
{
	uint64_t own_netns = socket_owners_own_netns();
	int result = -1;

	for (int i = 0; i < holds->namespace_count; i++) {
		int fd;

		dump->netns = holds->namespaces[i].inode;
		fd = open_diag(holds->namespaces[i].tgid, dump->netns, own_netns);
		if (fd < 0)
			continue;
		if (dump_all(fd, dump) == 0)
			result = 0;
		close(fd);
	}
	return result;
}

int socket_owners_look(socket_taker take, void *arg)
{
	struct socket_holds holds;
	struct dump dump = { .holds = &holds, .with_info = 1, .take = take, .arg = arg };
	int result;

	socket_holds_look(&holds, 1);
	result = look_in_namespaces(&dump, &holds);
	socket_holds_free(&holds);
	return result;
}

int sockets_look(socket_taker take, void *arg, int with_info)
{
	struct dump dump = { .with_info = with_info, .take = take, .arg = arg };
	struct socket_holds holds;
	int result;

	socket_holds_look(&holds, 0);
	result = look_in_namespaces(&dump, &holds);
	socket_holds_free(&holds);
	return result;
}
