/* Holds everything that must not die, and joins the streams:
 *
 *      stdin ──▶ inbox ──▶ table of known processes
 *     worker ──▶ socket ──▶ emit ──▶ stdout        read only while stdout takes it: a slow agent holds up the worker,
 *                                                  never the programs, which go on adding to their tables
 *  Ends, in this order, on the end of stdin or a signal: programs are detached, the worker drains what is left, stdout
 *  is flushed; all within END_NS. When stdout is closed there is nobody to do it for, and it ends at once.
 */
#include "keeper.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "clock.h"
#include "cost.h"
#include "emit.h"
#include "exit.h"
#include "fault.h"
#include "inbox.h"
#include "message.h"
#include "workers.h"

#define END_NS (3 * NS_PER_S) /* a drain takes 10 ms on a healthy box; this is for one that swaps */
#define COST_NS NS_PER_S
#define TEND_NS NS_PER_S

enum flow { FLOW_ON, FLOW_OVER };

struct keeper {
	struct run *run;
	struct workers workers;
	struct inbox inbox;
	int signal_fd;
	uint64_t cost_ns; /* when to tell the cost */
	uint64_t tend_ns; /* when to tend the probe */
	uint64_t end_ns;  /* when ending must be over; 0: not ending */
	int is_inside_batch;
};

static void tell_ready(const struct keeper *k)
{
	struct wire_ready ready = {
		.version = WIRE_VERSION,
		.cpus = k->run->cpus,
		.map_bytes = k->run->map_bytes,
		.at_ns = now_ns(),
		.keeper_pid = (uint32_t)getpid(),
		.worker_pid = (uint32_t)k->workers.pid,
	};

	emit_message(WIRE_READY, &ready, sizeof(ready));
	if (k->run->note)
		emit_message(WIRE_NOTE, k->run->note, strlen(k->run->note));
}

static int replace_worker(struct keeper *k)
{
	struct wire_worker told = { .wait_status = k->workers.wait_status, .restarts = k->workers.restarts };

	if (workers_fork(&k->workers) < 0)
		return -1;
	told.worker_pid = (uint32_t)k->workers.pid;
	k->is_inside_batch = 0;
	emit_message(WIRE_WORKER, &told, sizeof(told));
	if (k->end_ns)
		workers_ask_to_end(&k->workers);
	return 0;
}

/* Once. The worker hears of it when it next waits, and sends what the programs left in both sides. */
static void begin_end(struct keeper *k)
{
	if (k->end_ns)
		return;
	k->end_ns = now_ns() + END_NS;
	k->run->probe->detach(k->run);
	workers_ask_to_end(&k->workers);
}

static enum flow pass_on(struct keeper *k)
{
	static struct {
		struct wire_header header;
		uint8_t rest[MESSAGE_MAX_BYTES - sizeof(struct wire_header)];
	} packet;
	ssize_t got = recv(k->workers.fd, &packet, sizeof(packet), MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return FLOW_ON;
	if (got <= 0)
		return workers_bury(&k->workers) == 0 ? FLOW_ON : FLOW_OVER;
	if (packet.header.type == WIRE_BATCH_BEGIN)
		k->is_inside_batch = 1;
	if (packet.header.type == WIRE_BATCH_END)
		k->is_inside_batch = 0;
	emit_packet(&packet, (size_t)got);
	return FLOW_ON;
}

static void tell_cost(struct keeper *k, uint64_t now)
{
	struct wire_cost cost;

	if (now < k->cost_ns || k->is_inside_batch || !emit_is_empty())
		return;
	k->cost_ns = now + COST_NS;
	cost_measure(&cost, k->workers.pid);
	emit_message(WIRE_COST, &cost, sizeof(cost));
}

static void tend(struct keeper *k, uint64_t now)
{
	if (!k->run->probe->tend || k->end_ns || now < k->tend_ns)
		return;
	k->tend_ns = now + TEND_NS;
	k->run->probe->tend(k->run);
}

/* Milliseconds until the next thing that happens by itself. */
static int pause_ms(const struct keeper *k, uint64_t now)
{
	uint64_t next = k->cost_ns > now ? k->cost_ns : now + COST_NS;

	if (cost_turn_ns() < next)
		next = cost_turn_ns();
	if (k->workers.pid == 0 && k->workers.retry_ns < next)
		next = k->workers.retry_ns;
	if (k->end_ns && k->end_ns < next)
		next = k->end_ns;
	return next > now ? (int)((next - now + NS_PER_MS - 1) / NS_PER_MS) : 0;
}

static enum flow turn_once(struct keeper *k)
{
	struct pollfd fds[] = {
		{ .fd = k->end_ns ? -1 : STDIN_FILENO, .events = POLLIN },
		{ .fd = k->end_ns ? -1 : k->signal_fd, .events = POLLIN },
		{ .fd = emit_has_room() ? k->workers.fd : -1, .events = POLLIN },
		/* Without events poll still tells that the reader is gone. */
		{ .fd = STDOUT_FILENO, .events = emit_is_empty() ? 0 : POLLOUT },
	};
	uint64_t now = now_ns();

	if (poll(fds, 4, pause_ms(k, now)) < 0 && errno != EINTR)
		return FLOW_OVER;
	now = now_ns();
	if (fds[0].revents && inbox_read(&k->inbox, k->run->tables.known) < 0)
		begin_end(k);
	if (fds[1].revents)
		begin_end(k);
	if (fds[2].revents && pass_on(k) == FLOW_OVER)
		return FLOW_OVER;
	if (k->workers.pid == 0 && now >= k->workers.retry_ns && replace_worker(k) < 0)
		return FLOW_OVER;
	if (fds[3].revents & (POLLERR | POLLHUP | POLLNVAL) || emit_flush() < 0)
		return FLOW_OVER;
	cost_turn(k->run->object, now);
	tell_cost(k, now);
	tend(k, now);
	return k->end_ns && now > k->end_ns ? FLOW_OVER : FLOW_ON;
}

static int open_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

int keeper_run(struct run *run, uint64_t interval_ns)
{
	struct keeper k = { .run = run, .signal_fd = open_signals() };
	struct turn *turn = mmap(NULL, sizeof(*turn), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (turn == MAP_FAILED)
		return fault_raise(FAULT_loader_crashed, NULL, "cannot share memory: %s", strerror(errno));
	*turn_end_ns(turn, (uint64_t)-1) = now_ns(); /* batch 0 begins here */
	k.tend_ns = now_ns() + TEND_NS;
	k.workers = (struct workers){ .run = run, .turn = turn, .interval_ns = interval_ns, .fd = -1 };
	if (workers_fork(&k.workers) < 0)
		return -1;
	tell_ready(&k);
	while (turn_once(&k) == FLOW_ON)
		;
	workers_kill(&k.workers);
	if (!fault_current())
		emit_flush_within(k.end_ns > now_ns() ? (int)((k.end_ns - now_ns()) / NS_PER_MS) : 0);
	return fault_current() ? -1 : EXIT_done;
}
