/* Receives a gzip file on stdin and puts it in its place, whole or not at all.
 *
 *  The sum is taken over the compressed bytes as they come, while they are inflated: nothing is stored twice on a box
 *  whose disk may be small. The file gets its name only when the sum was right.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "exit.h"
#include "sha256.h"
#include "verbs.h"

#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, and a gzip header */
#define PART_INFIX ".part-"

struct order {
	const char *path;
	const char *sha256;
	unsigned long long bytes; /* compressed */
	mode_t mode;
};

static int say(int code, const char *what, const char *path, const char *why)
{
	fprintf(stderr, "loader: cannot unpack %s: %s%s%s\n", path, what, why ? ": " : "", why ? why : "");
	return code;
}

static int say_errno(const char *what, const char *path)
{
	return say(errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? EXIT_no_space : EXIT_failed, what, path, strerror(errno));
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size > 0) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

/* Inflates what is in `stream` and writes it. Z_OK, Z_STREAM_END, an error of zlib, or Z_ERRNO. */
static int write_inflated(z_stream *stream, int fd)
{
	static uint8_t plain[1 << 18];
	int state;

	do {
		stream->next_out = plain;
		stream->avail_out = sizeof(plain);
		state = inflate(stream, Z_NO_FLUSH);
		if (state == Z_BUF_ERROR)
			return Z_OK; /* it only wants more input */
		if (state != Z_OK && state != Z_STREAM_END)
			return state;
		if (write_all(fd, plain, sizeof(plain) - stream->avail_out) < 0)
			return Z_ERRNO;
	} while (state == Z_OK && stream->avail_out == 0);
	return state;
}

static int receive(const struct order *order, int fd)
{
	static uint8_t packed[1 << 16];
	z_stream stream = { 0 };
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha;
	int state = Z_OK;

	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return say(EXIT_failed, "no memory", order->path, NULL);
	sha256_start(&sha);
	while (sha.bytes < order->bytes) {
		unsigned long long missing = order->bytes - sha.bytes;
		ssize_t got = read(STDIN_FILENO, packed, missing < sizeof(packed) ? (size_t)missing : sizeof(packed));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return say(EXIT_short_input, "the input ended early", order->path, got < 0 ? strerror(errno) : NULL);
		sha256_add(&sha, packed, (size_t)got);
		stream.next_in = packed;
		stream.avail_in = (unsigned)got;
		/* After an error the rest is still read: a wrong sum tells more than a broken stream does. */
		if (state == Z_OK)
			state = write_inflated(&stream, fd);
		if (state == Z_ERRNO)
			return say_errno("cannot write", order->path);
	}
	inflateEnd(&stream);
	sha256_hex(&sha, hex);
	if (strcmp(hex, order->sha256) != 0)
		return say(EXIT_wrong_sha256, "its sha256 is", order->path, hex);
	if (state != Z_STREAM_END)
		return say(EXIT_bad_gzip, "not a whole gzip stream", order->path, stream.msg);
	return EXIT_done;
}

/* Parts of loaders that were killed: theirs is the pid at the end of the name. */
static void remove_stale_parts(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t length = strlen(name);
	char folder[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	dir = opendir(folder);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *infix = entry->d_name + length;
		int pid;

		if (strncmp(entry->d_name, name, length) != 0 || strncmp(infix, PART_INFIX, strlen(PART_INFIX)) != 0)
			continue;
		pid = atoi(infix + strlen(PART_INFIX));
		if (pid > 0 && kill(pid, 0) < 0 && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
}

static int unpack(const struct order *order)
{
	char part[4096];
	int fd, result;

	remove_stale_parts(order->path);
	if (snprintf(part, sizeof(part), "%s%s%d", order->path, PART_INFIX, (int)getpid()) >= (int)sizeof(part))
		return say(EXIT_failed, "its name is too long", order->path, NULL);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return say_errno("cannot create the file", order->path);
	result = receive(order, fd);
	if (result == EXIT_done && fchmod(fd, order->mode) < 0)
		result = say_errno("cannot set its mode", order->path);
	/* Some file systems (NFS, quota) report a full disk only now. */
	if (close(fd) < 0 && result == EXIT_done)
		result = say_errno("cannot write", order->path);
	if (result == EXIT_done && rename(part, order->path) < 0)
		result = say_errno("cannot rename", order->path);
	if (result != EXIT_done)
		unlink(part);
	return result;
}

static int is_whole(const char *end)
{
	return end && *end == '\0';
}

int run_unpack(int argc, char **argv)
{
	struct order order = { .mode = 0700 };
	char *size_end = NULL, *mode_end = "";

	signal(SIGPIPE, SIG_IGN); /* nobody may be left to hear the words, and the part file must go all the same */
	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--sha256"))
			order.sha256 = argv[i + 1];
		else if (!strcmp(argv[i], "--size"))
			order.bytes = strtoull(argv[i + 1], &size_end, 10);
		else if (!strcmp(argv[i], "-o"))
			order.path = argv[i + 1];
		else if (!strcmp(argv[i], "--mode"))
			order.mode = (mode_t)strtoul(argv[i + 1], &mode_end, 8);
		else
			return usage("unpack");
	}
	if (argc % 2 == 0 || !order.path || !order.sha256 || !is_whole(size_end) || !is_whole(mode_end))
		return usage("unpack");
	return unpack(&order);
}
