/* Joins stdin and stdout to a unix socket: the agent's end of the SSH channel.
 *
 *  stdin ──▶ [64 KiB] ──▶ socket       end of stdin: the socket is told (shutdown), answers still come back
 *  stdout ◀── [64 KiB] ◀── socket      end of the socket: what it still said is written, then the relay ends
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "exit.h"
#include "verbs.h"

#define BUFFER_BYTES (64 << 10)

struct direction {
	int from, to;
	size_t start, end; /* unwritten bytes in the buffer */
	int is_ended;      /* `from` has nothing more */
	char buffer[BUFFER_BYTES];
};

static int is_later(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Moves what can be moved now. -1 when the writing side is gone. */
static int move(struct direction *d, int can_read)
{
	if (d->start == d->end && can_read && !d->is_ended) {
		ssize_t got = read(d->from, d->buffer, BUFFER_BYTES);

		if (got > 0) {
			d->start = 0;
			d->end = (size_t)got;
		} else if (got == 0 || !is_later()) {
			d->is_ended = 1;
		}
	}
	while (d->start < d->end) {
		ssize_t put = write(d->to, d->buffer + d->start, d->end - d->start);

		if (put < 0)
			return is_later() ? 0 : -1;
		d->start += (size_t)put;
	}
	return 0;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static int relay(struct direction *in, struct direction *out)
{
	int is_told = 0; /* the socket knows that stdin has ended */

	for (;;) {
		int in_waits = in->start < in->end, out_waits = out->start < out->end;
		/* A descriptor of which nothing is wanted is left out (-1): its hang-up would wake us without end. Stdout
		 * stays in: only there can a reader that went away be seen while nothing is on its way. */
		struct pollfd fds[4] = {
			{ .fd = in_waits || in->is_ended ? -1 : in->from, .events = POLLIN },
			{ .fd = in_waits ? in->to : -1, .events = POLLOUT },
			{ .fd = out_waits || out->is_ended ? -1 : out->from, .events = POLLIN },
			{ .fd = out->to, .events = out_waits ? POLLOUT : 0 },
		};

		if (poll(fds, 4, -1) < 0) {
			if (errno == EINTR)
				continue;
			return EXIT_failed;
		}
		if (fds[3].revents & (POLLERR | POLLHUP | POLLNVAL))
			return EXIT_failed;
		if (move(out, fds[2].revents) < 0)
			return EXIT_failed;
		if (out->is_ended && out->start == out->end)
			return EXIT_done;
		/* The socket no longer takes anything: what it said before is still worth having. */
		if (move(in, fds[0].revents) < 0) {
			in->is_ended = is_told = 1;
			in->start = in->end;
		}
		if (in->is_ended && in->start == in->end && !is_told) {
			shutdown(in->to, SHUT_WR);
			is_told = 1;
		}
	}
}

int run_relay(int argc, char **argv)
{
	static struct direction in, out; /* not initialised here: the buffers would be in the file, 64 KB that travel */
	int flags_in = fcntl(STDIN_FILENO, F_GETFL), flags_out = fcntl(STDOUT_FILENO, F_GETFL);
	int socket_fd, result;

	if (argc != 2)
		return usage("relay");
	signal(SIGPIPE, SIG_IGN);
	socket_fd = connect_to(argv[1]);
	if (socket_fd < 0) {
		fprintf(stderr, "loader: cannot connect to %s: %s\n", argv[1], strerror(errno));
		return EXIT_connect;
	}
	in.from = STDIN_FILENO;
	out.to = STDOUT_FILENO;
	in.to = out.from = socket_fd;
	fcntl(socket_fd, F_SETFL, O_NONBLOCK);
	fcntl(STDIN_FILENO, F_SETFL, flags_in | O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, flags_out | O_NONBLOCK);
	result = relay(&in, &out);
	/* Whoever started us may go on using the same open files, and expects them as they were. */
	fcntl(STDIN_FILENO, F_SETFL, flags_in);
	fcntl(STDOUT_FILENO, F_SETFL, flags_out);
	return result;
}
