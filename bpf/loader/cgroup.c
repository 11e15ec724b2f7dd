#include "cgroup.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fault.h"

/* Where cgroup2 is mounted: /sys/fs/cgroup, or /sys/fs/cgroup/unified where version 1 still is in use. */
static int find_mount(char *mount, size_t size)
{
	FILE *file = fopen("/proc/self/mounts", "re");
	char line[PATH_MAX + 256], at[PATH_MAX], type[64];
	int found = 0;

	while (file && !found && fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %4095s %63s", at, type) == 2 && !strcmp(type, "cgroup2")) {
			snprintf(mount, size, "%s", at);
			found = 1;
		}
	if (file)
		fclose(file);
	return found ? 0 : -1;
}

int cgroup_id(const char *path, uint64_t *id)
{
	char mount[PATH_MAX], full[2 * PATH_MAX];
	/* Of a cgroup, the kernel's file handle is its id; its inode number is only the lower half on old kernels. */
	struct {
		struct file_handle head;
		uint64_t id;
	} handle = { .head.handle_bytes = sizeof(uint64_t) };
	int mount_id;

	if (find_mount(mount, sizeof(mount)) < 0)
		return fault_raise(FAULT_bad_option, "Mount cgroup2, or leave the option out.",
				   "cannot look for cgroup %.200s: cgroup2 is not mounted", path);
	snprintf(full, sizeof(full), "%s/%s", mount, path);
	if (name_to_handle_at(AT_FDCWD, full, &handle.head, &mount_id, 0) < 0)
		return fault_raise(FAULT_bad_option, NULL, "cannot find cgroup %.200s: %s", path, strerror(errno));
	*id = handle.id;
	return 0;
}
