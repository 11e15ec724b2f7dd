/* Starts a command that outlives its SSH session, and returns only when it is known to run.
 *
 *  caller ── fork ─▶ setsid ── fork ─▶ exec      The second fork makes it no session leader: it can never get a
 *     ▲                                  │       terminal. The pipe closes itself when exec succeeds, and carries
 *     └──────── close-on-exec pipe ──────┘       errno when it does not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "exit.h"
#include "verbs.h"

struct report {
	pid_t pid;
	int error; /* 0: about to exec; anything after that is a failure of exec */
};

static void close_from(int first, int except)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!folder) {
		for (int fd = first; fd < 1024; fd++)
			if (fd != except)
				close(fd);
		return;
	}
	while ((entry = readdir(folder))) {
		int fd = atoi(entry->d_name);

		if (fd >= first && fd != except && fd != dirfd(folder))
			close(fd);
	}
	closedir(folder);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void tell(int fd, int error)
{
	struct report report = { .pid = getpid(), .error = error };

	if (write(fd, &report, sizeof(report)) < 0)
		_exit(EXIT_failed); /* nobody is left to be told */
}

static _Noreturn void become(char **command, int log, int pipe_fd)
{
	int nothing = open("/dev/null", O_RDONLY);

	dup2(nothing, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	close_from(3, pipe_fd);
	reset_signals();
	/* No file system stays busy because of the folder we happened to be started in. */
	if (chdir("/") < 0)
		tell(pipe_fd, errno);
	tell(pipe_fd, 0);
	execvp(command[0], command);
	tell(pipe_fd, errno);
	_exit(EXIT_exec);
}

/* Keeps pipes and logs off 0, 1, 2, which a caller may have closed. */
static int above_stdio(int fd)
{
	int moved = fd < 0 || fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (moved != fd)
		close(fd);
	return moved;
}

static int start(char **command, int log, struct report *last)
{
	struct report report;
	int fds[2], got = 0;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	fds[0] = above_stdio(fds[0]);
	fds[1] = above_stdio(fds[1]);
	child = fork();
	if (child < 0)
		return -1;
	if (child == 0) {
		setsid();
		child = fork();
		if (child < 0)
			tell(fds[1], errno);
		if (child != 0)
			_exit(EXIT_done);
		become(command, log, fds[1]);
	}
	close(fds[1]);
	waitpid(child, NULL, 0);
	while (read(fds[0], &report, sizeof(report)) == sizeof(report)) {
		got++;
		*last = report;
		if (report.error)
			break;
	}
	close(fds[0]);
	if (got == 0)
		errno = ECHILD;
	return got == 0 ? -1 : 0;
}

int run_daemon(int argc, char **argv)
{
	struct report report = { 0 };
	int log;

	if (argc < 4 || strcmp(argv[2], "--") != 0)
		return usage("daemon");
	log = above_stdio(open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
	if (log < 0) {
		fprintf(stderr, "loader: cannot open %s: %s\n", argv[1], strerror(errno));
		return EXIT_exec;
	}
	if (start(argv + 3, log, &report) < 0) {
		fprintf(stderr, "loader: cannot start %s: %s\n", argv[3], strerror(errno));
		return EXIT_exec;
	}
	if (report.error) {
		fprintf(stderr, "loader: cannot execute %s: %s\n", argv[3], strerror(report.error));
		return EXIT_exec;
	}
	printf("%d\n", (int)report.pid);
	return EXIT_done;
}
