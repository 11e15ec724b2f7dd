#include "capture_filter.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "fault.h"

#define MAX_TEXT 4096
/* Optimising takes time by the third power: a second for 200 ports, a minute for 600. Longer texts do without. */
#define MAX_OPTIMISED_TEXT 2048
/* The header that cooked packets get in the file: the kernel's filter sees what comes behind it. */
#define SLL2_PROTOCOL 0
#define SLL2_INDEX 4
#define SLL2_TYPE 10
#define SLL2_BYTES 20

#define SYNTAX_HINT "The syntax is that of tcpdump and of Wireshark's capture filters, such as: tcp port 1883 and host 192.0.2.7"
#define LONG_HINT "Ask for less, and filter on in Wireshark."
#define COOKED_HINT "On any there is no Ethernet header and no VLAN tag to look at: name one interface (--interface eth0)."

/* Of bpf/loader's own libpcap: see build/native/libs.mjs. */
void pcap_for_kernel(pcap_t *pcap);

/* libpcap sees packets as the file will have them, the kernel as they are without our header. */
static int shift_load(struct sock_filter *load)
{
	switch (load->k) {
	case SLL2_PROTOCOL:
		load->k = (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL);
		return 0;
	case SLL2_INDEX:
		load->k = (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX);
		return 0;
	case SLL2_TYPE:
		load->k = (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE);
		return 0;
	default:
		if (load->k >= (uint32_t)SKF_AD_OFF)
			return 0;
		if (load->k < SLL2_BYTES)
			return -1;
		load->k -= SLL2_BYTES;
		return 0;
	}
}

static int is_packet_load(uint16_t code)
{
	int class = BPF_CLASS(code), mode = BPF_MODE(code);

	return (class == BPF_LD || class == BPF_LDX) && (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH);
}

static int raise_filter(const char *why, enum link_type link)
{
	const char *hint = link == LINK_COOKED && strstr(why, "cooked") ? COOKED_HINT : SYNTAX_HINT;

	if (strstr(why, "unknown port"))
		hint = "Port names are those of /etc/services on the device: write the number.";
	if (strstr(why, "unknown host"))
		hint = "Host names are looked up by the device: write the address.";
	return fault_raise(FAULT_bad_option, hint, "cannot use the filter: %.200s", why);
}

/* The packets of a loopback interface come by twice, going out and coming in: once is enough. */
static const struct sock_filter LOOPBACK_ONCE[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0),
};
#define LOOPBACK_LENGTH (sizeof(LOOPBACK_ONCE) / sizeof(LOOPBACK_ONCE[0]))

static int take_code(struct capture_filter *filter, enum link_type link, const struct bpf_program *program)
{
	if (program->bf_len + LOOPBACK_LENGTH > BPF_MAXINSNS)
		return fault_raise(FAULT_bad_option, LONG_HINT,
				   "cannot use the filter: it has %u instructions, and the kernel takes %d", program->bf_len,
				   BPF_MAXINSNS);
	memcpy(filter->code, LOOPBACK_ONCE, sizeof(LOOPBACK_ONCE));
	filter->length = (uint16_t)(LOOPBACK_LENGTH + program->bf_len);
	for (unsigned i = 0; i < program->bf_len; i++) {
		const struct bpf_insn *from = &program->bf_insns[i];
		struct sock_filter *to = &filter->code[LOOPBACK_LENGTH + i];

		*to = (struct sock_filter){ from->code, from->jt, from->jf, from->k };
		if (link == LINK_COOKED && is_packet_load(to->code) && shift_load(to) < 0)
			return raise_filter("it asks for a field of the cooked header", link);
	}
	return 0;
}

static int compile(struct capture_filter *filter, const struct capture_wish *wish, const char *text)
{
	/* A program returns how much of a packet is taken: that is the snap length. */
	pcap_t *pcap = pcap_open_dead((int)wish->link, (int)wish->snap_bytes);
	struct bpf_program program;
	int result;

	if (!pcap)
		return fault_raise(FAULT_loader_crashed, NULL, "no memory for the filter");
	pcap_for_kernel(pcap);
	if (pcap_compile(pcap, &program, text, strlen(wish->text) <= MAX_OPTIMISED_TEXT, PCAP_NETMASK_UNKNOWN) < 0) {
		result = raise_filter(pcap_geterr(pcap), wish->link);
	} else {
		result = take_code(filter, wish->link, &program);
		pcap_freecode(&program);
	}
	pcap_close(pcap);
	return result;
}

/* In front of the user's: what follows `vlan` in a filter is about what is inside of the tag. */
static int without_own(char *all, size_t size, const char *text, const struct own_connection *own)
{
	int family = own->family == 4 ? AF_INET : AF_INET6;
	char local[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN];

	inet_ntop(family, own->local, local, sizeof(local));
	inet_ntop(family, own->remote, remote, sizeof(remote));
	return snprintf(all, size,
			"not ((tcp src port %u and dst port %u and src host %s and dst host %s)"
			" or (tcp src port %u and dst port %u and src host %s and dst host %s))%s%s%s",
			own->local_port, own->remote_port, local, remote, own->remote_port, own->local_port, remote, local,
			*text ? " and (" : "", text, *text ? ")" : "");
}

int capture_filter_compile(struct capture_filter *filter, const struct capture_wish *wish)
{
	static char all[MAX_TEXT + 512];

	if (strlen(wish->text) > MAX_TEXT)
		return fault_raise(FAULT_bad_option, LONG_HINT, "cannot use the filter: it has more than %d characters", MAX_TEXT);
	/* Alone first: what libpcap says is then about what the user wrote, and a ) too many cannot let ours out. */
	if (compile(filter, wish, wish->text) < 0)
		return -1;
	if (wish->own.family == 0)
		return 0;
	without_own(all, sizeof(all), wish->text, &wish->own);
	return compile(filter, wish, all);
}

int capture_filter_attach(int fd, const struct capture_filter *filter)
{
	struct sock_fprog program = { .len = filter->length, .filter = (struct sock_filter *)filter->code };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0)
		return 0;
	if (errno == ENOMEM)
		return fault_raise(FAULT_kernel_memory, "A shorter filter needs less: see net.core.optmem_max on the device.",
				   "the kernel has no memory for the filter");
	return fault_raise(FAULT_bad_option, "It cannot run in the kernel; protochain is one of those that cannot.",
			   "the kernel refuses the filter: %s", strerror(errno));
}

int capture_filter_close(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &nothing };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}
