#include "tracefs.h"
#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const MOUNTS[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* A mount that is nowhere in the tree of files: it ends with its descriptor, and nobody else sees it. Linux 5.2. */
static int mount_nowhere(void)
{
	int context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	close(context);
	return mount;
}

static int open_below(int root, const char *path)
{
	int fd = root < 0 ? -1 : openat(root, path, O_RDONLY | O_CLOEXEC);

	if (root >= 0)
		close(root);
	return fd;
}

static int open_file(const char *path)
{
	int fd = -1;

	for (size_t i = 0; fd < 0 && i < sizeof(MOUNTS) / sizeof(MOUNTS[0]); i++)
		fd = open_below(open(MOUNTS[i], O_PATH | O_DIRECTORY | O_CLOEXEC), path);
	return fd >= 0 ? fd : open_below(mount_nowhere(), path);
}

int tracefs_read(const char *path, char *text, size_t size)
{
	int fd = open_file(path);
	size_t have = 0;
	ssize_t got = -1;

	while (fd >= 0 && have < size - 1 && (got = read(fd, text + have, size - 1 - have)) > 0)
		have += (size_t)got;
	text[have] = 0;
	if (fd >= 0)
		close(fd);
	return have > 0 && got >= 0 ? 0 : -1;
}
