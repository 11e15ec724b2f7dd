/* What the loader and the agent say to each other. Little endian, fixed width, explicitly padded.
 * The agent's side is remote-agent/protocol/loader.ts; `loader describe` prints this file's numbers as JSON and a
 * test holds the two together.
 *
 *  stdout = a stream of messages, written only by emit.c:
 *
 *      ┌──────────────┬───────────┬───────────┬──────────────┬─────────
 *      │ u32 length   │ u16 type  │ u16 flags │ u64 batch    │ payload (length bytes)
 *      └──────────────┴───────────┴───────────┴──────────────┴─────────
 *
 *  A batch is BATCH_BEGIN, any of STACKS / ROWS, COUNTERS, BATCH_END, all with the same batch number. The agent
 *  commits at BATCH_END and forgets a batch whose end never came. A worker that died between sending a batch and
 *  clearing it makes its successor send the same batch again under the same number: a number already committed is
 *  skipped, so nothing is counted twice and nothing is lost.
 *
 *  stdin = the same framing from the agent. End of file means: close everything and end.
 *  stderr = words for the log, nothing a program reads.
 */
#ifndef SONDE_WIRE_H
#define SONDE_WIRE_H
#include <stdint.h>

#define WIRE_VERSION 1
#define WIRE_MAX_LENGTH (4u << 20)
#define WIRE_COMM_LEN 16
#define WIRE_MAX_FRAMES 127
#define WIRE_BUILD_ID_LEN 20

enum wire_type {
	/* loader → agent */
	WIRE_READY = 1,       /* struct wire_ready: programs are attached */
	WIRE_BATCH_BEGIN = 2, /* struct wire_batch_begin */
	WIRE_STACKS = 3,      /* a run of struct wire_stack, each followed by its frames */
	WIRE_ROWS = 4,        /* whole rows of the probe, back to back; layout: loader describe */
	WIRE_COUNTERS = 5,    /* struct wire_counters, differences for this batch */
	WIRE_BATCH_END = 6,   /* empty */
	WIRE_FAULT = 7,       /* code \0 message \0 hint \0 detail \0 ; the loader then ends */
	WIRE_WORKER = 8,      /* struct wire_worker: a worker died and a new one was forked */
	WIRE_COST = 9,        /* struct wire_cost, about once a second, outside batches */
	WIRE_NOTE = 10,       /* text, after READY: what this box cannot give */
	/* agent → loader */
	WIRE_KNOWN = 64,  /* u32 tgid[]: mappings of these are known, plain addresses will do */
	WIRE_FORGET = 65, /* u32 tgid[]: take build-id stacks of these again */
};

struct wire_header {
	uint32_t length;
	uint16_t type;
	uint16_t flags;
	uint64_t batch;
};

struct wire_ready {
	uint32_t version;
	uint32_t cpus;      /* online ones */
	uint64_t map_bytes; /* kernel memory of all maps, computed from their sizes */
	uint64_t at_ns;     /* CLOCK_MONOTONIC */
	uint32_t keeper_pid;
	uint32_t worker_pid;
};

struct wire_batch_begin {
	uint64_t from_ns;
	uint64_t to_ns;
};

enum wire_space {
	WIRE_SPACE_KERNEL = 0,
	WIRE_SPACE_USER = 1,          /* frames are addresses */
	WIRE_SPACE_USER_BUILD_ID = 2, /* frames are struct wire_build_id_frame */
};

/* Leaf first, as the kernel hands them out. nr frames of 8 or 32 bytes follow. */
struct wire_stack {
	uint64_t hash; /* what rows refer to; only meaningful within its batch and space */
	uint16_t nr;
	uint8_t space; /* enum wire_space */
	uint8_t pad[5];
};

/* Same layout as the kernel's struct bpf_stack_build_id. */
struct wire_build_id_frame {
	int32_t status; /* 0 empty, 1 build-id + file offset valid, 2 address only */
	uint8_t build_id[WIRE_BUILD_ID_LEN];
	uint64_t offset_or_ip;
};

struct wire_counters {
	uint64_t seen;
	uint64_t kept;
	uint64_t idle;
	uint64_t filtered;
	uint64_t lost_map_full;
	uint64_t lost_stacks_full;
	uint64_t incomplete_stacks;
	uint64_t lost_rate_limit;
};

struct wire_worker {
	uint32_t worker_pid;
	int32_t wait_status; /* of the dead one */
	uint32_t restarts;
	uint32_t pad;
};

struct wire_cost {
	uint64_t at_ns;
	uint64_t cpu_ns;         /* keeper and worker, since the keeper started */
	uint64_t bpf_cpu_ns;     /* run time of our programs, from samples; 0 where the kernel does not count it */
	uint64_t resident_bytes; /* keeper and worker */
};

enum wire_flow_direction {
	WIRE_FLOW_UNKNOWN = 0, /* it was there before the probe, and nothing tells */
	WIRE_FLOW_OUT = 1,
	WIRE_FLOW_IN = 2,
	WIRE_FLOW_LISTENING = 3,
};

#define WIRE_FLOW_OTHERS 1 /* all of one protocol and direction that found no place or have no socket: no addresses */
#define WIRE_FLOW_OWN 2    /* the SSH connection that Sonde itself came by */

/* Who talks to whom, of a row's field of kind "flow". Everything in it stays as it was in the flow's first row. */
struct wire_flow {
	uint64_t cookie;    /* of the socket: never used twice while the kernel runs; 0: of none */
	uint64_t opened_ns; /* CLOCK_MONOTONIC; 0: before the probe */
	uint64_t netns;     /* inode of the network namespace; below 0xf0000000 the kernel's cookie of it; 0: not known */
	uint8_t local[16];  /* IPv4: in the first 4 bytes; likewise below */
	uint8_t remote[16];
	uint16_t local_port; /* ICMP: the identifier of an echo */
	uint16_t remote_port;
	uint8_t family;    /* 4, 6; 0: others */
	uint8_t protocol;  /* IPPROTO_… */
	uint8_t direction; /* enum wire_flow_direction */
	uint8_t flags;     /* WIRE_FLOW_… */
};

_Static_assert(sizeof(struct wire_header) == 16, "wire_header");
_Static_assert(sizeof(struct wire_ready) == 32, "wire_ready");
_Static_assert(sizeof(struct wire_stack) == 16, "wire_stack");
_Static_assert(sizeof(struct wire_build_id_frame) == 32, "wire_build_id_frame");
_Static_assert(sizeof(struct wire_counters) == 64, "wire_counters");
_Static_assert(sizeof(struct wire_worker) == 16, "wire_worker");
_Static_assert(sizeof(struct wire_cost) == 32, "wire_cost");
_Static_assert(sizeof(struct wire_flow) == 64, "wire_flow");
#endif
