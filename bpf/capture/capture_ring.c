#include "capture_ring.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "fault.h"

/* Above the 64 KB that offload joins, with headers and the kernel's own. Many small ones rather than few large: a block
 * is handed over full or not, and while we are held up each takes one. */
#define BLOCK_BYTES (128u << 10)
/* After this a block is handed over that is not full: how long a packet waits on a quiet network. 64 of them are the
 * three seconds for which a busy device may leave us without a turn. */
#define RETIRE_MS 50
/* Of a frame only its limit matters in version 3: packets lie as close as they can. */
#define FRAME_BYTES 2048u

static int raise_socket(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return fault_raise(FAULT_kernel_no_permission,
				   "It needs CAP_NET_RAW, which root has unless a container or a security module takes it away.",
				   "cannot open a packet socket: %s", strerror(error));
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case EINVAL:
		return fault_raise(FAULT_kernel_no_bpf, "It needs CONFIG_PACKET (the module af_packet).",
				   "cannot open a packet socket: this kernel has none");
	default:
		return fault_raise(FAULT_loader_crashed, NULL, "cannot open a packet socket: %s", strerror(error));
	}
}

/* A box short of memory gets a smaller ring rather than none. */
static int map_ring(struct capture_ring *ring, uint32_t bytes)
{
	for (uint32_t count = bytes / BLOCK_BYTES; count > 1; count /= 2) {
		struct tpacket_req3 request = {
			.tp_block_size = BLOCK_BYTES,
			.tp_block_nr = count,
			.tp_frame_size = FRAME_BYTES,
			.tp_frame_nr = BLOCK_BYTES / FRAME_BYTES * count,
			.tp_retire_blk_tov = RETIRE_MS,
		};

		if (setsockopt(ring->fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) < 0) {
			if (errno == ENOMEM)
				continue;
			return fault_raise(FAULT_kernel_no_bpf, "It needs Linux 3.2 or later with CONFIG_PACKET_MMAP.",
					   "this kernel has no packet ring: %s", strerror(errno));
		}
		ring->bytes = (size_t)BLOCK_BYTES * count;
		ring->block_count = count;
		ring->blocks = mmap(NULL, ring->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
		if (ring->blocks != MAP_FAILED)
			return 0;
		ring->blocks = NULL;
		break;
	}
	return fault_raise(FAULT_kernel_memory, "Free some memory on the device.", "no memory for a ring of %u MB",
			   bytes >> 20);
}

/* Bound only after filter and ring are there: nothing comes that was not asked for, and no interface is left out. */
static int start(struct capture_ring *ring, int index)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index };

	if (bind(ring->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	return fault_raise(errno == ENODEV ? FAULT_bad_option : FAULT_loader_crashed, NULL, "cannot listen on the interface: %s",
			   strerror(errno));
}

int capture_ring_open(struct capture_ring *ring, enum link_type link, int index, uint32_t ring_bytes,
		      const struct capture_filter *filter)
{
	int version = TPACKET_V3;

	memset(ring, 0, sizeof(*ring));
	/* Protocol 0: no packet comes before bind(). */
	ring->fd = socket(AF_PACKET, (link == LINK_COOKED ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC, 0);
	if (ring->fd < 0)
		return raise_socket(errno);
	if (capture_filter_attach(ring->fd, filter) < 0)
		return -1;
	if (setsockopt(ring->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0)
		return fault_raise(FAULT_kernel_no_bpf, "It needs Linux 3.2 or later.", "this kernel has no packet ring: %s",
				   strerror(errno));
	if (map_ring(ring, ring_bytes) < 0)
		return -1;
	return start(ring, index);
}

void capture_ring_close(struct capture_ring *ring)
{
	if (ring->blocks)
		munmap(ring->blocks, ring->bytes);
	if (ring->fd >= 0)
		close(ring->fd);
	ring->blocks = NULL;
	ring->fd = -1;
}

static struct tpacket_block_desc *block(const struct capture_ring *ring)
{
	return (struct tpacket_block_desc *)(ring->blocks + (size_t)ring->turn * BLOCK_BYTES);
}

static void give_back(struct capture_ring *ring)
{
	ring->next = NULL;
	__atomic_store_n(&block(ring)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->turn = (ring->turn + 1) % ring->block_count;
}

const struct tpacket3_hdr *capture_ring_peek(struct capture_ring *ring)
{
	while (!ring->next) {
		struct tpacket_block_desc *at = block(ring);

		if (!(__atomic_load_n(&at->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return NULL;
		ring->left = at->hdr.bh1.num_pkts;
		ring->next = (const struct tpacket3_hdr *)((uint8_t *)at + at->hdr.bh1.offset_to_first_pkt);
		if (ring->left == 0)
			give_back(ring);
	}
	return ring->next;
}

void capture_ring_pass(struct capture_ring *ring)
{
	ring->next = (const struct tpacket3_hdr *)((const uint8_t *)ring->next + ring->next->tp_next_offset);
	if (--ring->left == 0)
		give_back(ring);
}

void capture_ring_count(struct capture_ring *ring)
{
	struct tpacket_stats_v3 stats;
	socklen_t size = sizeof(stats);

	/* The kernel starts again from 0 with each answer; its packets are those it lost as well. */
	if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) < 0)
		return;
	ring->seen += stats.tp_packets;
	ring->lost += stats.tp_drops;
}
