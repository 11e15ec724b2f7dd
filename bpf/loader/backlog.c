#include "backlog.h"
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

int backlog_is_there(int fd)
{
	struct stat status;
	int bytes = 0;

	if (fstat(fd, &status) < 0)
		return 0;
	if (S_ISSOCK(status.st_mode) && ioctl(fd, SIOCOUTQ, &bytes) == 0)
		return bytes > 0;
	if (S_ISFIFO(status.st_mode) && ioctl(fd, FIONREAD, &bytes) == 0)
		return bytes > 0;
	return 0;
}
