#include "kernel_fault.h"
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fault.h"

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"
/* The verifier says what is wrong in its last lines; the state dumps before them fill megabytes. */
#define VERIFIER_LINES 15

/* Ring of libbpf's words: only the end of a long log is kept. */
static char said[8192];
static size_t said_bytes;
static int has_verifier_log;

static void keep(const char *text)
{
	size_t size = strlen(text);

	if (size >= sizeof(said)) {
		text += size - sizeof(said) + 1;
		size = sizeof(said) - 1;
	}
	if (said_bytes + size >= sizeof(said)) {
		size_t drop = said_bytes + size - sizeof(said) + 1;

		memmove(said, said + drop, said_bytes - drop);
		said_bytes -= drop;
	}
	memcpy(said + said_bytes, text, size + 1);
	said_bytes += size;
}

static int listen_libbpf(enum libbpf_print_level level, const char *format, va_list list)
{
	static char text[1 << 16];

	if (level != LIBBPF_WARN)
		return 0;
	/* The log itself is an argument, longer than our buffer: its end is what we want. */
	if (strstr(format, "BEGIN PROG LOAD LOG")) {
		va_list copy;
		const char *name, *log;

		has_verifier_log = 1;
		va_copy(copy, list);
		name = va_arg(copy, const char *);
		log = va_arg(copy, const char *);
		keep(name);
		keep(":\n");
		keep(log);
		va_end(copy);
		return 0;
	}
	vsnprintf(text, sizeof(text), format, list);
	keep(text);
	return 0;
}

void kernel_fault_listen(void)
{
	libbpf_set_print(listen_libbpf);
}

static const char *last_lines(int lines)
{
	size_t at = said_bytes;

	while (at > 0 && lines > 0) {
		at--;
		if (said[at] == '\n' && at + 1 < said_bytes && --lines == 0)
			return said + at + 1;
	}
	return said;
}

static int is_locked_down(void)
{
	char text[128] = "";
	FILE *file = fopen(LOCKDOWN_FILE, "re");

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	/* "integrity" lets tracing programs read; only this one does not. */
	return strstr(text, "[confidentiality]") != NULL;
}

static void raise_lockdown(const char *doing)
{
	fault_raise(FAULT_kernel_lockdown, "Boot without lockdown=confidentiality, or with Secure Boot off.",
		    "%s: the kernel is locked down", doing);
}

int kernel_fault(int error, const char *doing)
{
	const char *reason = strerror(error);

	switch (error) {
	case EPERM:
	case EACCES:
		if (error == EACCES && has_verifier_log)
			break;
		if (is_locked_down())
			raise_lockdown(doing);
		else
			fault_raise(FAULT_kernel_no_permission,
				    geteuid() == 0 ? "Root is not enough here: the container or security module takes "
						     "CAP_BPF, CAP_PERFMON or CAP_SYS_ADMIN away."
						   : "Log in as root, or as a user who may use sudo.",
				    "%s: %s", doing, reason);
		fault_add_detail(last_lines(4));
		return -1;
	case ENOMEM:
	case ENOSPC:
		fault_raise(FAULT_kernel_memory, "Lower map-mb, or free memory on the device.", "%s: %s", doing, reason);
		fault_add_detail(last_lines(4));
		return -1;
	default:
		break;
	}
	if (has_verifier_log) {
		/* To the verifier, the functions that read kernel memory are then unknown. */
		if (is_locked_down())
			raise_lockdown(doing);
		fault_raise(FAULT_kernel_verifier, "Please report this with the details and the kernel's version.",
			    "%s: the kernel's verifier refused the program", doing);
		fault_add_detail(last_lines(VERIFIER_LINES));
		return -1;
	}
	fault_raise(FAULT_kernel_no_bpf,
		    "The kernel needs CONFIG_BPF_SYSCALL, CONFIG_PERF_EVENTS and CONFIG_BPF_EVENTS, and Linux 5.3 or later.",
		    "%s: %s", doing, reason);
	fault_add_detail(last_lines(4));
	return -1;
}
