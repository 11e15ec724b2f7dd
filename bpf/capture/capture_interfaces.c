#include "capture_interfaces.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "capture_out.h"
#include "fault.h"

/* A box that starts containers all day makes new ones all the time; the last id then stands for the rest. */
#define MAX_INTERFACES 1024u

static struct {
	struct capture_interface told[MAX_INTERFACES];
	uint8_t is_checked[MAX_INTERFACES];
	uint32_t count;
} known;

/* On a socket made for this: any will do. */
static int ask(unsigned long what, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;

	if (fd < 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* a box without IPv4 */
	if (fd < 0)
		return -1;
	result = ioctl(fd, what, request);
	close(fd);
	return result;
}

static int raise_unknown(const char *name)
{
	struct if_nameindex *list = if_nameindex();
	char hint[256] = "There are: " ALL_INTERFACES;

	for (struct if_nameindex *at = list; at && at->if_index; at++) {
		size_t used = strlen(hint);

		snprintf(hint + used, sizeof(hint) - used, ", %s", at->if_name);
	}
	if (list)
		if_freenameindex(list);
	return fault_raise(FAULT_bad_option, hint, "there is no interface %.60s on the device", name);
}

int capture_interfaces_find(const char *name, enum link_type *link)
{
	struct ifreq request = { 0 };
	int index;

	*link = LINK_COOKED;
	if (!strcmp(name, ALL_INTERFACES))
		return 0;
	if (strlen(name) >= sizeof(request.ifr_name))
		return raise_unknown(name);
	memcpy(request.ifr_name, name, strlen(name));
	if (ask(SIOCGIFINDEX, &request) < 0)
		return raise_unknown(name);
	index = request.ifr_ifindex;
	/* Whatever is not like Ethernet is cooked: tunnels, radio, CAN have headers of their own or none. */
	if (ask(SIOCGIFHWADDR, &request) == 0 &&
	    (request.ifr_hwaddr.sa_family == ARPHRD_ETHER || request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK))
		*link = LINK_ETHERNET;
	return index;
}

int capture_interfaces_listen(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void capture_interfaces_heard(int fd)
{
	char message[8192];

	/* An error is news as well: the kernel had more to say than fits. */
	while (recv(fd, message, sizeof(message), 0) > 0)
		;
	memset(known.is_checked, 0, sizeof(known.is_checked));
}

static void name_of(int index, char name[CAPTURE_NAME_LEN])
{
	struct ifreq request = { .ifr_ifindex = index };

	memset(name, 0, CAPTURE_NAME_LEN);
	if (ask(SIOCGIFNAME, &request) == 0)
		memcpy(name, request.ifr_name, CAPTURE_NAME_LEN);
}

int capture_interfaces_is_there(int index)
{
	char name[CAPTURE_NAME_LEN];

	name_of(index, name);
	return name[0] != 0;
}

static uint32_t tell(int index, enum link_type link, const char name[CAPTURE_NAME_LEN])
{
	struct capture_interface *interface = &known.told[known.count];

	*interface = (struct capture_interface){ .id = known.count, .index = (uint32_t)index, .link_type = (uint16_t)link };
	if (name[0])
		memcpy(interface->name, name, CAPTURE_NAME_LEN);
	else /* it has gone before we could ask */
		snprintf(interface->name, sizeof(interface->name), "if%d", index);
	known.is_checked[known.count] = 1;
	capture_out_message(CAPTURE_INTERFACE, interface, sizeof(*interface));
	return known.count++;
}

uint32_t capture_interfaces_id(int index, enum link_type link)
{
	char name[CAPTURE_NAME_LEN];
	uint32_t at = known.count;

	/* The newest first: an index is used again, and a name is changed. */
	while (at > 0 && known.told[at - 1].index != (uint32_t)index)
		at--;
	if (at > 0 && known.is_checked[at - 1])
		return at - 1;
	name_of(index, name);
	if (at > 0 && (!name[0] || !memcmp(known.told[at - 1].name, name, CAPTURE_NAME_LEN))) {
		known.is_checked[at - 1] = 1;
		return at - 1;
	}
	return known.count < MAX_INTERFACES ? tell(index, link, name) : MAX_INTERFACES - 1;
}
