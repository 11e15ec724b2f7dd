/* Expected failures, by the codes of remote-agent/protocol/fault.ts. One process has one fault: the first that was
 * raised. Whoever raises it returns -1; callers further out put what they were doing in front. */
#ifndef SONDE_FAULT_H
#define SONDE_FAULT_H

#define FAULT_CODES(X) \
	X(bad_option, "bad-option") \
	X(kernel_lockdown, "kernel-lockdown") \
	X(kernel_memory, "kernel-memory") \
	X(kernel_no_bpf, "kernel-no-bpf") \
	X(kernel_no_permission, "kernel-no-permission") \
	X(kernel_no_tracefs, "kernel-no-tracefs") \
	X(kernel_verifier, "kernel-verifier") \
	X(loader_crashed, "loader-crashed") \
	X(probe_unknown, "probe-unknown")

enum fault_code {
#define X(name, text) FAULT_##name,
	FAULT_CODES(X)
#undef X
};

struct fault {
	enum fault_code code;
	char message[512];
	char hint[512];
	char detail[4096];
};

const char *fault_code_text(enum fault_code code);

/* Always -1. `hint` may be NULL. */
int fault_raise(enum fault_code code, const char *hint, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Puts "doing: " in front of the message. Always -1. */
int fault_wrap(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fault_add_detail(const char *text);

/* NULL while nothing was raised. */
const struct fault *fault_current(void);
#endif
