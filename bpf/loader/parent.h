/* Ends with the parent: nothing of Sonde stays when whoever started it is gone. */
#ifndef SONDE_PARENT_H
#define SONDE_PARENT_H
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The kernel sends the signal only for a death that comes after prctl; an earlier one shows by the changed parent. */
static inline void die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}
#endif
