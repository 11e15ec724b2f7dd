/* Receives a file packed with zstd on stdin and puts it in its place, whole or not at all.
 *
 *  The sum is taken over the packed bytes as they come, while they are unpacked: nothing is stored twice on a box whose
 *  disk may be small. The file gets its name only when the sum was right.
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
#include <zstd.h>
#include "exit.h"
#include "sha256.h"
#include "verbs.h"

#define WINDOW_LOG_MAX 23 /* 8 MB of memory, the window that build/pack.mjs packs with; zstd would grant 128 */
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

/* Zeros become a hole where they fill a piece: a runtime has 28 MB of them, which then take no room on the device. */
static int write_piece(int fd, const uint8_t *data, size_t size)
{
	if (size > 1 && data[0] == 0 && memcmp(data, data + 1, size - 1) == 0)
		return lseek(fd, (off_t)size, SEEK_CUR) < 0 ? -1 : 0;
	return write_all(fd, data, size);
}

/* A file that ends in a hole has its length only now. */
static int end_file(int fd)
{
	off_t end = lseek(fd, 0, SEEK_CUR);

	return end < 0 ? -1 : ftruncate(fd, end);
}

/* How the stream stands after a piece of it; anything above zero: zstd wants more. */
enum { STREAM_END = 0, STREAM_BROKEN = -1, STREAM_UNWRITTEN = -2 };

struct unpacker {
	ZSTD_DCtx *zstd;
	const char *broken; /* why, in zstd's words */
	int fd;
};

/* Unpacks a piece and writes what comes of it. */
static int unpack_piece(struct unpacker *u, const uint8_t *data, size_t size)
{
	static uint8_t plain[1 << 17]; /* a whole block of zstd: it is never asked twice for the same input */
	ZSTD_inBuffer in = { data, size, 0 };
	ZSTD_outBuffer out;

	do {
		size_t wanted;

		out = (ZSTD_outBuffer){ plain, sizeof(plain), 0 };
		wanted = ZSTD_decompressStream(u->zstd, &out, &in);
		if (ZSTD_isError(wanted)) {
			u->broken = ZSTD_getErrorName(wanted);
			return STREAM_BROKEN;
		}
		if (write_piece(u->fd, plain, out.pos) < 0)
			return STREAM_UNWRITTEN;
		if (wanted == 0)
			return STREAM_END;
	} while (in.pos < in.size || out.pos == out.size);
	return 1;
}

static int receive(const struct order *order, struct unpacker *u)
{
	static uint8_t packed[1 << 17];
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha;
	int state = 1;

	sha256_start(&sha);
	while (sha.bytes < order->bytes) {
		unsigned long long missing = order->bytes - sha.bytes;
		ssize_t got = read(STDIN_FILENO, packed, missing < sizeof(packed) ? (size_t)missing : sizeof(packed));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return say(EXIT_short_input, "the input ended early", order->path, got < 0 ? strerror(errno) : NULL);
		sha256_add(&sha, packed, (size_t)got);
		/* After an error the rest is still read: a wrong sum tells more than a broken stream does. */
		if (state > 0)
			state = unpack_piece(u, packed, (size_t)got);
		if (state == STREAM_UNWRITTEN)
			return say_errno("cannot write", order->path);
	}
	sha256_hex(&sha, hex);
	if (strcmp(hex, order->sha256) != 0)
		return say(EXIT_wrong_sha256, "its sha256 is", order->path, hex);
	if (state != STREAM_END)
		return say(EXIT_bad_zstd, "not a whole zstd frame", order->path, u->broken);
	return EXIT_done;
}

static int receive_into(const struct order *order, int fd)
{
	struct unpacker u = { .zstd = ZSTD_createDCtx(), .fd = fd };
	int result;

	if (!u.zstd)
		return say(EXIT_failed, "no memory", order->path, NULL);
	ZSTD_DCtx_setParameter(u.zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	result = receive(order, &u);
	ZSTD_freeDCtx(u.zstd);
	return result;
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
	result = receive_into(order, fd);
	if (result == EXIT_done && end_file(fd) < 0)
		result = say_errno("cannot write", order->path);
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
