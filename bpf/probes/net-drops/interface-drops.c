/* Asks over rtnetlink: one question for all interfaces, one for all queues. */
#include "interface-drops.h"
#include <linux/gen_stats.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "drop-counters.h"

#define REPLY_BYTES (32 << 10) /* the kernel sends no more at once */
#define ANSWER_S 1             /* it answers at once, or never */
/* Behind the numbers of LINK_COUNTERS. */
#define QUEUE_NUMBER 100

#define STAT(name) { #name, offsetof(struct rtnl_link_stats64, name) }

/* What they count differs with the driver; several may count one packet. */
static const struct {
	const char *name;
	size_t offset;
} LINK_COUNTERS[] = {
	STAT(rx_dropped),     STAT(tx_dropped),	      STAT(rx_missed_errors), STAT(rx_fifo_errors), STAT(tx_fifo_errors),
	STAT(rx_over_errors), STAT(rx_length_errors), STAT(rx_crc_errors),    STAT(rx_frame_errors), STAT(rx_nohandler),
};

typedef void (*take_reply)(struct counter_list *list, const struct nlmsghdr *message);

static const struct rtattr *find(const struct rtattr *attribute, int bytes, unsigned short type)
{
	for (; RTA_OK(attribute, bytes); attribute = RTA_NEXT(attribute, bytes))
		if ((attribute->rta_type & NLA_TYPE_MASK) == type)
			return attribute;
	return NULL;
}

static void take_link(struct counter_list *list, const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = NLMSG_DATA(message);
	int bytes = (int)IFLA_PAYLOAD(message);
	const struct rtattr *name = find(IFLA_RTA(info), bytes, IFLA_IFNAME);
	const struct rtattr *stats = find(IFLA_RTA(info), bytes, IFLA_STATS64);
	size_t size = stats ? RTA_PAYLOAD(stats) : 0;

	for (uint32_t i = 0; name && i < sizeof(LINK_COUNTERS) / sizeof(LINK_COUNTERS[0]); i++) {
		struct net_drops_key key = { DROP_PLACE_INTERFACE, (uint32_t)info->ifi_index, i, 0 };
		uint64_t packets = 0;

		/* Older kernels have fewer counters. */
		if (LINK_COUNTERS[i].offset + sizeof(packets) <= size)
			memcpy(&packets, (const char *)RTA_DATA(stats) + LINK_COUNTERS[i].offset, sizeof(packets));
		counter_list_add(list, key, packets, "%.15s %s", (const char *)RTA_DATA(name), LINK_COUNTERS[i].name);
	}
}

/* The outermost of an interface counts what those inside of it drop, too. */
static void take_queue(struct counter_list *list, const struct nlmsghdr *message)
{
	const struct tcmsg *info = NLMSG_DATA(message);
	int bytes = (int)TCA_PAYLOAD(message);
	const struct rtattr *kind = find(TCA_RTA(info), bytes, TCA_KIND), *stats = find(TCA_RTA(info), bytes, TCA_STATS2);
	const struct rtattr *queue = stats ? find(RTA_DATA(stats), (int)RTA_PAYLOAD(stats), TCA_STATS_QUEUE) : NULL;
	struct net_drops_key key = { DROP_PLACE_INTERFACE, (uint32_t)info->tcm_ifindex, QUEUE_NUMBER, 0 };
	char name[IF_NAMESIZE];

	if (info->tcm_parent != TC_H_ROOT || !kind || !queue || RTA_PAYLOAD(queue) < sizeof(struct gnet_stats_queue))
		return;
	if (!if_indextoname(key.subject, name))
		return;
	counter_list_add(list, key, ((const struct gnet_stats_queue *)RTA_DATA(queue))->drops, "%s queue %.16s", name,
			 (const char *)RTA_DATA(kind));
}

/* 0: there is more to come. */
static int take_replies(struct counter_list *list, const char *reply, ssize_t got, take_reply take, int type)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)reply;
	unsigned rest = (unsigned)got;

	for (; NLMSG_OK(message, rest); message = NLMSG_NEXT(message, rest)) {
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return 1;
		if (message->nlmsg_type == type)
			take(list, message);
	}
	return 0;
}

static void ask(struct counter_list *list, unsigned short question, unsigned short answer, take_reply take)
{
	static char reply[REPLY_BYTES] __attribute__((aligned(8)));
	struct {
		struct nlmsghdr head;
		union {
			struct ifinfomsg link;
			struct tcmsg queue;
		};
	} request = {
		.head = { .nlmsg_len = sizeof(request), .nlmsg_type = question, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};
	struct timeval patience = { .tv_sec = ANSWER_S };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), is_over = fd < 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	is_over = is_over || send(fd, &request, sizeof(request), 0) < 0;
	while (!is_over) {
		ssize_t got = recv(fd, reply, sizeof(reply), 0);

		is_over = got <= 0 || take_replies(list, reply, got, take, answer);
	}
	if (fd >= 0)
		close(fd);
}

void read_interface_drops(struct counter_list *list)
{
	ask(list, RTM_GETLINK, RTM_NEWLINK, take_link);
	ask(list, RTM_GETQDISC, RTM_NEWQDISC, take_queue);
}
