/*
 * What an AppImage of ours begins with: unpacks the squashfs behind itself into the user's cache, once for each content,
 * and becomes the AppRun in it. Static, without FUSE.
 *
 *   --appimage-offset    prints where the squashfs begins
 *   --appimage-extract   unpacks into ./squashfs-root and ends
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <squashfuse/squashfuse.h>

static char block[1 << 20];

static int fail(const char *what, const char *name)
{
	fprintf(stderr, "sonde: cannot %s %s: %s\n", what, name, errno ? strerror(errno) : "damaged file");
	return -1;
}

/* The section headers are the last thing of a linked program: behind them the squashfs begins. */
static off_t end_of_program(const char *self)
{
	Elf64_Ehdr header;
	FILE *file = fopen(self, "rb");
	size_t got = file ? fread(&header, sizeof(header), 1, file) : 0;
	if (file)
		fclose(file);
	return got == 1 ? (off_t)(header.e_shoff + (uint64_t)header.e_shentsize * header.e_shnum) : -1;
}

static int write_file(sqfs *fs, sqfs_inode *inode, const char *to)
{
	int out = open(to, O_CREAT | O_WRONLY | O_EXCL | O_NOFOLLOW, inode->base.mode & 0777);
	if (out < 0)
		return fail("write", to);
	for (uint64_t at = 0; at < inode->xtra.reg.file_size;) {
		sqfs_off_t size = sizeof(block);
		if (sqfs_read_range(fs, inode, (sqfs_off_t)at, &size, block) != SQFS_OK || size <= 0) {
			close(out);
			return fail("read what belongs into", to);
		}
		if (write(out, block, (size_t)size) != size) {
			close(out);
			return fail("write", to);
		}
		at += (uint64_t)size;
	}
	return close(out) ? fail("write", to) : 0;
}

static int write_link(sqfs *fs, sqfs_inode *inode, const char *to)
{
	size_t size = sizeof(block);
	if (sqfs_readlink(fs, inode, block, &size) != SQFS_OK)
		return fail("read the link", to);
	return symlink(block, to) ? fail("write", to) : 0;
}

static int unpack_entry(sqfs *fs, sqfs_traverse *walk, const char *folder)
{
	sqfs_inode inode;
	char to[PATH_MAX];
	if (sqfs_inode_get(fs, &inode, walk->entry.inode) != SQFS_OK)
		return fail("read", walk->path);
	if (snprintf(to, sizeof(to), "%s/%s", folder, walk->path) >= (int)sizeof(to))
		return fail("unpack", walk->path);
	if (S_ISDIR(inode.base.mode))
		return mkdir(to, 0755) ? fail("make", to) : 0;
	if (S_ISREG(inode.base.mode))
		return write_file(fs, &inode, to);
	return S_ISLNK(inode.base.mode) ? write_link(fs, &inode, to) : 0;
}

static int unpack(const char *self, off_t offset, const char *folder)
{
	sqfs fs;
	sqfs_traverse walk;
	sqfs_err error = SQFS_OK;
	int status = 0;
	int fd = open(self, O_RDONLY);
	if (fd < 0 || sqfs_init(&fs, fd, (size_t)offset) != SQFS_OK)
		return fail("read", self);
	if (mkdir(folder, 0755))
		return fail("make", folder);
	if (sqfs_traverse_open(&walk, &fs, sqfs_inode_root(&fs)) != SQFS_OK)
		return fail("read", self);
	while (!status && sqfs_traverse_next(&walk, &error))
		if (!walk.dir_end)
			status = unpack_entry(&fs, &walk, folder);
	sqfs_traverse_close(&walk);
	close(fd);
	return status || error ? -1 : 0;
}

/* One folder for each file: its size, time and inode say whether it is still the same. */
static int cache_folder(const char *self, char *folder, size_t size)
{
	struct stat about;
	char base[PATH_MAX];
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	if (stat(self, &about))
		return fail("look at", self);
	if (cache && *cache)
		snprintf(base, sizeof(base), "%s", cache);
	else if (home && *home)
		snprintf(base, sizeof(base), "%s/.cache", home);
	else
		return fail("find a home folder for", self);
	mkdir(base, 0700);
	int length = snprintf(folder, size, "%s/sonde-appimage-%llx-%llx-%llx", base, (unsigned long long)about.st_size,
			      (unsigned long long)about.st_mtime, (unsigned long long)about.st_ino);
	return length < (int)size ? 0 : -1;
}

/* Unpacked beside its place and renamed, so that a half one is never started and two at once do not harm each other. */
static int unpacked(const char *self, off_t offset, char *folder, size_t size)
{
	char draft[PATH_MAX];
	if (cache_folder(self, folder, size))
		return -1;
	if (!access(folder, X_OK))
		return 0;
	if (snprintf(draft, sizeof(draft), "%s.%d", folder, (int)getpid()) >= (int)sizeof(draft))
		return -1;
	if (unpack(self, offset, draft))
		return -1;
	if (rename(draft, folder) && errno != ENOTEMPTY && errno != EEXIST)
		return fail("make", folder);
	return 0;
}

int main(int argc, char **argv)
{
	char self[PATH_MAX], folder[PATH_MAX / 2], program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return 1;
	self[length] = 0;
	off_t offset = end_of_program(self);
	if (argc > 1 && !strcmp(argv[1], "--appimage-offset"))
		return printf("%lld\n", (long long)offset) < 0;
	if (argc > 1 && !strcmp(argv[1], "--appimage-extract"))
		return unpack(self, offset, "squashfs-root") ? 1 : 0;
	if (unpacked(self, offset, folder, sizeof(folder)))
		return 1;
	setenv("APPDIR", folder, 1);
	setenv("APPIMAGE", self, 1);
	setenv("ARGV0", argv[0], 1);
	snprintf(program, sizeof(program), "%s/AppRun", folder);
	execv(program, argv);
	fail("start", program);
	return 1;
}
