#include "capture_owners.h"
#include <netinet/in.h>
#include <string.h>
#include "capture_hash.h"
#include "capture_sockets.h"
#include "clock.h"

/* Connections remembered; two that share a place take turns, and each turn asks the last look again. */
#define MEMORIES 8192u
/* Looking takes at most a 20th of one CPU, and ten times a second. */
#define LOOK_SHARE 20
#define LOOK_PAUSE_NS (100 * NS_PER_MS)
/* A socket may be handed to another process, soon after it was opened most of all; a port of UDP may change hands. */
#define FIRST_VALID_NS (500 * NS_PER_MS)
#define LAST_VALID_NS (10 * NS_PER_S)
/* What is only passed on by this device never has an owner: asked ever more rarely. */
#define FIRST_RETRY_NS (50 * NS_PER_MS)
#define LAST_RETRY_NS (60 * NS_PER_S)

struct memory {
	struct packet_ends ends;
	struct capture_process sender, receiver; /* tgid 0 = not known */
	uint64_t since_ns; /* only a look after this can tell */
	uint64_t valid_ns; /* until then nothing is asked */
	uint64_t retry_ns; /* before then a look is not worth it */
	uint64_t pause_ns;
	uint64_t trust_ns; /* for how long the next answer is valid */
};

static struct memory memories[MEMORIES];
static uint64_t looked_ns, next_look_ns;

static struct memory *recall(const struct packet_ends *ends, uint64_t now)
{
	struct packet_ends key = *ends;
	struct memory *memory;

	key.opens = 0;
	memory = &memories[capture_hash(&key, sizeof(key)) % MEMORIES];
	if (ends->opens || memcmp(&memory->ends, &key, sizeof(key)) != 0)
		*memory = (struct memory){
			.ends = key,
			.since_ns = ends->opens || now < LAST_VALID_NS ? now : now - LAST_VALID_NS,
			.retry_ns = now,
			.pause_ns = FIRST_RETRY_NS,
			.trust_ns = FIRST_VALID_NS,
		};
	return memory;
}

static struct socket_end end_of(const struct packet_ends *ends, int of_target)
{
	struct socket_end end;

	memset(&end, 0, sizeof(end)); /* it is compared as bytes */
	memcpy(end.local, of_target ? ends->target : ends->source, 16);
	memcpy(end.remote, of_target ? ends->source : ends->target, 16);
	end.local_port = of_target ? ends->target_port : ends->source_port;
	end.remote_port = of_target ? ends->source_port : ends->target_port;
	end.family = ends->family;
	end.protocol = ends->protocol;
	return end;
}

/* Keeps what was known where nothing better is: a connection outlives its socket by some packets. */
static int remember(struct capture_process *known, const struct socket_owner *owner)
{
	if (owner->process)
		*known = *owner->process;
	return owner->process != NULL;
}

/* 1 when there is nothing more to be found. */
static int ask(struct memory *memory, int is_group)
{
	const struct packet_ends *ends = &memory->ends;
	struct socket_end source = end_of(ends, 0), target = end_of(ends, 1);
	struct socket_owner sender = capture_sockets_find(&source, 0), receiver = capture_sockets_find(&target, is_group);
	int wanted = capture_sockets_is_local(ends->family, ends->source) + capture_sockets_is_local(ends->family, ends->target);
	int found = remember(&memory->sender, &sender) + remember(&memory->receiver, &receiver);

	/* Whoever listens at a port of TCP need not be who has accepted the connection. */
	if (ends->protocol == IPPROTO_TCP)
		found = (sender.process && sender.is_exact) + (receiver.process && receiver.is_exact);
	return found >= (wanted ? wanted : 1);
}

static void look(void)
{
	uint64_t started = now_ns();

	capture_sockets_look();
	looked_ns = now_ns();
	next_look_ns = looked_ns + (looked_ns - started) * LOOK_SHARE;
	if (next_look_ns < looked_ns + LOOK_PAUSE_NS)
		next_look_ns = looked_ns + LOOK_PAUSE_NS;
}

static uint64_t twice(uint64_t ns, uint64_t limit)
{
	return ns * 2 < limit ? ns * 2 : limit;
}

static void renew(struct memory *memory, int is_group, uint64_t now)
{
	/* An older look still knows who listens. */
	int is_settled = looked_ns + LAST_VALID_NS > now && ask(memory, is_group) && looked_ns >= memory->since_ns;

	if (!is_settled && now >= next_look_ns && now >= memory->retry_ns) {
		look();
		memory->retry_ns = now + memory->pause_ns;
		memory->pause_ns = twice(memory->pause_ns, LAST_RETRY_NS);
		is_settled = ask(memory, is_group);
	}
	if (is_settled) {
		memory->since_ns = memory->valid_ns = now + memory->trust_ns;
		memory->trust_ns = twice(memory->trust_ns, LAST_VALID_NS);
		memory->retry_ns = now;
		memory->pause_ns = FIRST_RETRY_NS;
	}
}

struct packet_owners capture_owners_find(const struct packet_ends *ends, int is_group, uint64_t now)
{
	struct memory *memory = recall(ends, now);

	if (now >= memory->valid_ns)
		renew(memory, is_group, now);
	return (struct packet_owners){
		.sender = memory->sender.tgid ? &memory->sender : NULL,
		.receiver = memory->receiver.tgid ? &memory->receiver : NULL,
	};
}
