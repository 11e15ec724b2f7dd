/* The verbs of the one native program on the device. */
#include <stdio.h>
#include <string.h>
#include "exit.h"
#include "verbs.h"

static int print_version(int argc, char **argv);

static const struct verb {
	const char *name;
	const char *usage;
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
} VERBS[] = {
	{ "capture", "[--OPTION VALUE]…", run_capture },
	{ "daemon", "LOGFILE -- COMMAND [ARGUMENT…]", run_daemon },
	{ "describe", "", run_describe },
	{ "kallsyms", "FILE", run_kallsyms },
	{ "relay", "SOCKET", run_relay },
	{ "run", "PROBE [--OPTION VALUE]…", run_probe },
	{ "sha256", "FILE…", run_sha256 },
	{ "unpack", "--sha256 HEX --size BYTES -o FILE [--mode 0700]", run_unpack },
	{ "version", "", print_version },
};

static int print_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("sonde loader " SONDE_VERSION " " SONDE_MACHINE);
	return EXIT_done;
}

int usage(const char *verb)
{
	for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
		if (!verb || !strcmp(verb, VERBS[i].name))
			fprintf(stderr, "usage: loader %s %s\n", VERBS[i].name, VERBS[i].usage);
	return EXIT_usage;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage(NULL);
	for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
		if (!strcmp(argv[1], VERBS[i].name))
			return VERBS[i].run(argc - 1, argv + 1);
	fprintf(stderr, "loader: no verb %s\n", argv[1]);
	return usage(NULL);
}
