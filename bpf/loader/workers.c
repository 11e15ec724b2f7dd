#include "workers.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"
#include "exit.h"
#include "fault.h"
#include "worker.h"

#define RETRY_NS (50 * NS_PER_MS)
#define DEATHS_NS (10 * NS_PER_S)

int workers_fork(struct workers *workers)
{
	pid_t keeper = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fault_raise(FAULT_loader_crashed, NULL, "cannot make a socket: %s", strerror(errno));
	workers->pid = fork();
	if (workers->pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return fault_raise(FAULT_loader_crashed, NULL, "cannot fork: %s", strerror(errno));
	}
	if (workers->pid == 0) {
		close(pair[0]);
		worker_main(workers->run, workers->turn, keeper, pair[1], workers->interval_ns);
	}
	close(pair[1]);
	workers->fd = pair[0];
	return 0;
}

/* How many died lately, this one included; DEATHS_MAX is one too many. */
static uint32_t count_death(struct workers *workers)
{
	uint32_t places = DEATHS_MAX - 1, recent = 1;
	uint64_t now = now_ns();

	for (uint32_t i = 0; i < places; i++)
		recent += workers->deaths_ns[i] && now - workers->deaths_ns[i] < DEATHS_NS;
	workers->deaths_ns[workers->restarts++ % places] = now;
	workers->retry_ns = now + (RETRY_NS << (recent - 1));
	return recent;
}

int workers_bury(struct workers *workers)
{
	close(workers->fd);
	workers->fd = -1;
	kill(workers->pid, SIGKILL); /* without its socket it is dying, or of no use */
	waitpid(workers->pid, &workers->wait_status, 0);
	workers->pid = 0;
	if (WIFEXITED(workers->wait_status) && WEXITSTATUS(workers->wait_status) == EXIT_done)
		return 1;
	fprintf(stderr, "loader: a worker died (wait status %d) in batch %llu, phase %d\n", workers->wait_status,
		(unsigned long long)turn_batch(workers->turn), turn_phase(workers->turn));
	if (count_death(workers) >= DEATHS_MAX)
		return fault_raise(FAULT_loader_crashed, "Is the device out of memory? Its kernel log (dmesg) may tell.",
				   "the worker died %d times within %llu s, last with wait status %d", DEATHS_MAX,
				   DEATHS_NS / NS_PER_S, workers->wait_status);
	return 0;
}

void workers_ask_to_end(const struct workers *workers)
{
	if (workers->fd >= 0)
		shutdown(workers->fd, SHUT_WR);
}

void workers_kill(struct workers *workers)
{
	if (workers->pid == 0)
		return;
	kill(workers->pid, SIGKILL);
	waitpid(workers->pid, NULL, 0);
	close(workers->fd);
	workers->fd = -1;
	workers->pid = 0;
}
