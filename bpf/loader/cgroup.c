#include "cgroup.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fault.h"
#include "kernel_fault.h"

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

int cgroup_option(const struct run *run, int has_cgroups, uint64_t *id)
{
	const char *path = run_text(run, "cgroup");

	*id = 0;
	if (path && !has_cgroups)
		return fault_raise(FAULT_bad_option, NULL, "this kernel's programs cannot tell cgroups apart");
	return path ? cgroup_id(path, id) : 0;
}

int cgroup_takes_programs(void)
{
	char mount[PATH_MAX];

	return find_mount(mount, sizeof(mount)) == 0 && libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_CGROUP_SKB, NULL) != 0;
}

int cgroup_refuse(void)
{
	return fault_raise(FAULT_kernel_no_bpf, "On the device: mount -t cgroup2 none /sys/fs/cgroup/unified",
			   "cannot see the packets of all sockets: cgroup2 is not mounted");
}

static int refuse_attach(int error, const char *name)
{
	if (error == EINVAL)
		return fault_raise(FAULT_kernel_no_bpf, "The kernel needs CONFIG_CGROUP_BPF, and Linux 5.7 or later.",
				   "cannot attach %s to the root of cgroup2: %s", name, strerror(error));
	if (error == EPERM)
		return fault_raise(FAULT_kernel_no_permission,
				   "Another program holds the root of cgroup2 for itself: bpftool cgroup tree shows which.",
				   "cannot attach %s to the root of cgroup2: %s", name, strerror(error));
	kernel_fault(error, "cannot attach to the root of cgroup2");
	return fault_wrap("%s", name);
}

int cgroup_attach(struct run *run, const char *const *programs)
{
	char mount[PATH_MAX];
	int root, result = 0;

	if (find_mount(mount, sizeof(mount)) < 0)
		return cgroup_refuse();
	root = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fault_raise(FAULT_kernel_no_permission, NULL, "cannot open %.200s: %s", mount, strerror(errno));
	for (; *programs && result == 0; programs++) {
		struct bpf_program *program = bpf_object__find_program_by_name(run->object, *programs);
		struct bpf_link *link = bpf_program__attach_cgroup(program, root);

		if (link)
			run->links[run->link_count++] = link;
		else
			result = refuse_attach(errno, *programs);
	}
	close(root);
	return result;
}
