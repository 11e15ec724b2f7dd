/* `loader run PROBE`: from the command line to a running probe, and every failure on the way as one fault. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "emit.h"
#include "exit.h"
#include "fault.h"
#include "keeper.h"
#include "kernel_fault.h"
#include "parent.h"
#include "probe.h"
#include "verbs.h"

/* How long a reader of stdout gets to take the fault that ended us. */
#define LAST_WORDS_MS 1000

const struct option_spec RUN_OPTIONS[] = {
	{ "interval-ms", OPTION_INTEGER, 50, 60000, 1000 },
	{ 0 },
};

static int take_options(struct run *run, union option_value *common, int argc, char **argv)
{
	options_reset(RUN_OPTIONS, common);
	options_reset(run->probe->options, run->options);
	for (int i = 0; i < argc; i += 2) {
		const char *name = argv[i] + 2;
		int taken;

		if (strncmp(argv[i], "--", 2) != 0 || i + 1 == argc)
			return fault_raise(FAULT_bad_option, NULL, "%.60s is no option with a value", argv[i]);
		taken = option_take(RUN_OPTIONS, common, name, argv[i + 1]);
		if (taken == 0)
			taken = option_take(run->probe->options, run->options, name, argv[i + 1]);
		if (taken == 0)
			return fault_raise(FAULT_bad_option, NULL, "there is no option --%.60s", name);
		if (taken < 0)
			return -1;
	}
	return 0;
}

static int run_to_end(struct run *run, int argc, char **argv)
{
	union option_value common[OPTION_MAX_COUNT];
	int result;

	if (take_options(run, common, argc, argv) < 0)
		return -1;
	kernel_fault_listen();
	result = run->probe->open(run);
	if (result == 0)
		result = run->probe->attach(run);
	if (result == 0)
		result = keeper_run(run, (uint64_t)option_get(RUN_OPTIONS, common, "interval-ms").integer * NS_PER_MS);
	run->probe->close(run);
	return result;
}

int run_probe(int argc, char **argv)
{
	struct run run = { 0 };
	const struct fault *fault;
	int result;

	if (argc < 2)
		return usage("run");
	die_with_parent(getppid());
	signal(SIGPIPE, SIG_IGN);
	emit_open();
	run.probe = probe_find(argv[1]);
	if (run.probe)
		result = run_to_end(&run, argc - 2, argv + 2);
	else
		result = fault_raise(FAULT_probe_unknown, NULL, "there is no probe %.60s", argv[1]);
	fault = fault_current();
	if (fault) {
		fault_wrap("cannot run %.60s", argv[1]);
		fprintf(stderr, "loader: %s: %s\n%s\n", fault_code_text(fault->code), fault->message, fault->detail);
		emit_fault(fault);
		emit_flush_within(LAST_WORDS_MS);
	}
	emit_close();
	return result < 0 ? EXIT_failed : result;
}
