/* What `loader capture` says on stdout: messages with the header of wire.h, little endian, no batches.
 * The workstation's side is electron/capture/wire.ts; `loader describe` prints these numbers and a test holds the two.
 *
 *      BEGIN  (INTERFACE | PROCESS | PACKETS | COUNTERS)…  COUNTERS  END          or, at any place, WIRE_FAULT
 *
 *  An interface and a process are told before the first packet that names them. Packets are what the file will hold:
 *  the link layer's header in front, the VLAN tag back in its place, cut at the snap length.
 *  stdin: nothing is read from it; its end ends the capture.
 */
#ifndef SONDE_CAPTURE_WIRE_H
#define SONDE_CAPTURE_WIRE_H
#include <stdint.h>

#define CAPTURE_WIRE_VERSION 1
#define CAPTURE_NAME_LEN 16
#define CAPTURE_COMM_LEN 16

enum capture_wire_type {
	CAPTURE_BEGIN = 32,     /* struct capture_begin */
	CAPTURE_INTERFACE = 33, /* struct capture_interface */
	CAPTURE_PROCESS = 34,   /* struct capture_process */
	CAPTURE_PACKETS = 35,   /* a run of struct capture_packet, each followed by its bytes */
	CAPTURE_COUNTERS = 36,  /* struct capture_counters, since the beginning; about once a second and at the end */
	CAPTURE_END = 37,       /* u32 enum capture_end */
};

struct capture_begin {
	uint32_t version;
	uint32_t snap_bytes;
	uint64_t realtime_ns; /* both clocks at the same moment */
	uint64_t monotonic_ns;
	uint32_t ring_bytes; /* kernel memory for packets that wait */
	uint16_t own_local_port;
	uint16_t own_remote_port;
	uint8_t own_local[16]; /* Sonde's own connection, which is left out; IPv4 in the first 4 bytes */
	uint8_t own_remote[16];
	uint8_t own_family; /* 4 or 6; 0 = none is left out */
	uint8_t owners; /* 1: packets name their processes */
	uint8_t pad[6];
};

struct capture_interface {
	uint32_t id; /* of this capture, from 0 up, each once */
	uint32_t index; /* the kernel's, used again when an interface has gone */
	uint16_t link_type; /* LINKTYPE_…: 1 Ethernet, 276 cooked (SLL2) */
	uint16_t pad;
	char name[CAPTURE_NAME_LEN];
};

/* Told again when the name of a process has changed. */
struct capture_process {
	uint32_t tgid;
	char comm[CAPTURE_COMM_LEN];
};

struct capture_packet {
	uint64_t realtime_ns;
	uint32_t interface; /* id */
	uint32_t captured; /* bytes that follow */
	uint32_t original; /* bytes on the wire, headers as captured */
	uint32_t sender; /* tgid; 0 = not of this device, or not known */
	uint32_t receiver;
	uint8_t type; /* PACKET_HOST 0, BROADCAST 1, MULTICAST 2, OTHERHOST 3, OUTGOING 4 */
	uint8_t pad[3];
};

/* seen = kept + own + lost_ring + lost_rate_limit */
struct capture_counters {
	uint64_t realtime_ns;
	uint64_t seen; /* matched the filter */
	uint64_t kept;
	uint64_t own; /* of Sonde's own connection and only recognised after the filter: inside a VLAN tag */
	uint64_t lost_ring; /* the kernel had no room for them: the link or the device was too slow */
	uint64_t lost_rate_limit;
};

enum capture_end {
	CAPTURE_END_ASKED = 0,
	CAPTURE_END_INTERFACE_GONE = 1,
};

_Static_assert(sizeof(struct capture_begin) == 72, "capture_begin");
_Static_assert(sizeof(struct capture_interface) == 28, "capture_interface");
_Static_assert(sizeof(struct capture_process) == 20, "capture_process");
_Static_assert(sizeof(struct capture_packet) == 32, "capture_packet");
_Static_assert(sizeof(struct capture_counters) == 48, "capture_counters");
#endif
