#include "protocol-drops.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drop-counters.h"

#define LINE_BYTES 8192 /* the longest has 130 names */
#define SOFTNET_NUMBER 1000

/* As nstat calls them: those that count a packet, or a connection's request, that was thrown away. */
static const char *const WANTED[] = {
	"IcmpOutErrors",
	"Icmp6OutErrors",
	"Ip6FragFails",
	"Ip6InAddrErrors",
	"Ip6InDiscards",
	"Ip6InHdrErrors",
	"Ip6InNoRoutes",
	"Ip6InTooBigErrors",
	"Ip6InTruncatedPkts",
	"Ip6InUnknownProtos",
	"Ip6OutDiscards",
	"Ip6OutNoRoutes",
	"Ip6ReasmFails",
	"IpExtInCsumErrors",
	"IpExtInNoRoutes",
	"IpExtInTruncatedPkts",
	"IpFragFails",
	"IpInAddrErrors",
	"IpInDiscards",
	"IpInHdrErrors",
	"IpInUnknownProtos",
	"IpOutDiscards",
	"IpOutNoRoutes",
	"IpReasmFails",
	"TcpExtIPReversePathFilter",
	"TcpExtListenDrops",
	"TcpExtListenOverflows",
	"TcpExtLockDroppedIcmps",
	"TcpExtOfoPruned",
	"TcpExtPAWSEstab",
	"TcpExtPFMemallocDrop",
	"TcpExtPruneCalled",
	"TcpExtRcvPruned",
	"TcpExtTCPACKSkippedChallenge",
	"TcpExtTCPBacklogDrop",
	"TcpExtTCPDeferAcceptDrop",
	"TcpExtTCPMD5Failure",
	"TcpExtTCPMinTTLDrop",
	"TcpExtTCPOFODrop",
	"TcpExtTCPRcvQDrop",
	"TcpExtTCPReqQFullDrop",
	"TcpExtTCPWqueueTooBig",
	"TcpExtTCPZeroWindowDrop",
	"TcpInErrs",
	"Udp6InCsumErrors",
	"Udp6MemErrors",
	"Udp6NoPorts",
	"Udp6RcvbufErrors",
	"Udp6SndbufErrors",
	"UdpInCsumErrors",
	"UdpMemErrors",
	"UdpNoPorts",
	"UdpRcvbufErrors",
	"UdpSndbufErrors",
};

static void take(struct counter_list *list, const char *group, const char *name, const char *value)
{
	char full[64];

	snprintf(full, sizeof(full), "%s%s", group, name);
	for (uint32_t i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
		if (!strcmp(full, WANTED[i]))
			counter_list_add(list, (struct net_drops_key){ .place = DROP_PLACE_PROTOCOL, .number = i },
					 strtoull(value, NULL, 10), "%s", full);
}

/* "Udp: InDatagrams NoPorts", and in the next line "Udp: 17 4". */
static void take_pair(struct counter_list *list, char *names, char *values)
{
	char *name_at, *value_at;
	char *group = strtok_r(names, ": \n", &name_at);
	char *name = strtok_r(NULL, " \n", &name_at), *value;

	strtok_r(values, " \n", &value_at);
	for (; group && name; name = strtok_r(NULL, " \n", &name_at)) {
		value = strtok_r(NULL, " \n", &value_at);
		if (!value)
			return;
		take(list, group, name, value);
	}
}

static void read_pairs(struct counter_list *list, const char *path)
{
	static char names[LINE_BYTES], values[LINE_BYTES];
	FILE *file = fopen(path, "re");

	while (file && fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file))
		take_pair(list, names, values);
	if (file)
		fclose(file);
}

/* "Udp6NoPorts            4" */
static void read_lines(struct counter_list *list, const char *path)
{
	FILE *file = fopen(path, "re");
	char name[64], value[32];

	while (file && fscanf(file, "%63s %31s", name, value) == 2)
		take(list, "", name, value);
	if (file)
		fclose(file);
}

/* A line for each CPU, in hexadecimal: packets, then those for which its queue was full. */
static void read_softnet(struct counter_list *list)
{
	FILE *file = fopen("/proc/net/softnet_stat", "re");
	unsigned long long sum = 0;
	unsigned dropped;

	while (file && fscanf(file, "%*x %x%*[^\n]", &dropped) == 1)
		sum += dropped;
	if (file)
		fclose(file);
	counter_list_add(list, (struct net_drops_key){ .place = DROP_PLACE_PROTOCOL, .number = SOFTNET_NUMBER }, sum,
			 "SoftnetDropped");
}

void read_protocol_drops(struct counter_list *list)
{
	read_pairs(list, "/proc/net/snmp");
	read_pairs(list, "/proc/net/netstat");
	read_lines(list, "/proc/net/snmp6");
	read_softnet(list);
}
