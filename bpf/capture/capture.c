/* `loader capture`: packets from the kernel to stdout, until stdin ends.
 *
 *    kernel ─ filter ─▶ ring ─▶ capture_take ─▶ capture_out ─▶ stdout
 *                        │            ╰ owners, interfaces
 *                        ╰ full when stdout is slow: the kernel then drops, and counts
 *
 *  Ends when stdin does, on a signal, or when its interface has gone. Nothing matches from then on; what waits in the
 *  ring still goes out, so that seen = kept + own + lost holds to the packet.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "capture_filter.h"
#include "capture_interfaces.h"
#include "capture_out.h"
#include "capture_run.h"
#include "clock.h"
#include "exit.h"
#include "fault.h"
#include "option.h"
#include "parent.h"
#include "verbs.h"
#include "wire.h"

/* How long a reader of stdout gets to take the fault that ended us. */
#define LAST_WORDS_MS 1000

const struct option_spec CAPTURE_OPTIONS[] = {
	{ "filter", OPTION_TEXT, 0, 0, 0 }, /* pcap syntax; this and the next percent-encoded */
	{ "interface", OPTION_TEXT, 0, 0, 0 },
	{ "snap-bytes", OPTION_INTEGER, 64, 262144, 262144 },
	{ "rate-bytes", OPTION_INTEGER, 0, 1000000000, 0 }, /* a second; 0 = no limit, likewise below */
	{ "rate-packets", OPTION_INTEGER, 0, 10000000, 0 },
	{ "ring-mb", OPTION_INTEGER, 1, 64, 8 },
	{ "include-own", OPTION_INTEGER, 0, 1, 0 },
	{ "owners", OPTION_INTEGER, 0, 1, 1 },
	{ 0 },
};

static int64_t integer(const union option_value *options, const char *name)
{
	return option_get(CAPTURE_OPTIONS, options, name).integer;
}

static const char *text(const union option_value *options, const char *name, const char *fallback)
{
	const char *given = option_get(CAPTURE_OPTIONS, options, name).text;

	return given ? given : fallback;
}

static int take_options(union option_value *options, int argc, char **argv)
{
	options_reset(CAPTURE_OPTIONS, options);
	for (int i = 0; i < argc; i += 2) {
		int taken;

		if (strncmp(argv[i], "--", 2) != 0 || i + 1 == argc)
			return fault_raise(FAULT_bad_option, NULL, "%.60s is no option with a value", argv[i]);
		taken = option_take(CAPTURE_OPTIONS, options, argv[i] + 2, argv[i + 1]);
		if (taken == 0)
			return fault_raise(FAULT_bad_option, NULL, "there is no option %.60s", argv[i]);
		if (taken < 0)
			return -1;
	}
	return 0;
}

/* Texts come through shells that disagree about quotes, so they come without anything that would need them. */
static const char *decode(const char *encoded)
{
	char *plain = calloc(1, strlen(encoded) + 1), *to = plain;

	for (const char *at = encoded; plain && *at; at++) {
		unsigned byte = (unsigned char)*at;

		if (*at == '%' && sscanf(at + 1, "%2x", &byte) == 1)
			at += 2;
		*to++ = (char)byte;
	}
	return plain;
}

static struct bucket full_bucket(const union option_value *options, const char *name)
{
	uint64_t rate = (uint64_t)integer(options, name);

	return (struct bucket){ .rate = rate, .left = rate, .filled_ns = now_ns() };
}

static int open_capture(struct capture *c, const union option_value *options)
{
	static struct capture_filter filter;
	struct capture_wish wish = {
		.snap_bytes = (uint32_t)integer(options, "snap-bytes"),
		.text = decode(text(options, "filter", "")),
	};

	const char *interface = decode(text(options, "interface", ALL_INTERFACES));

	if (!wish.text || !interface)
		return fault_raise(FAULT_loader_crashed, NULL, "no memory for the options");
	c->index = capture_interfaces_find(interface, &wish.link);
	if (c->index < 0)
		return -1;
	if (!integer(options, "include-own"))
		wish.own = own_connection_find();
	c->taker = (struct taker){
		.link = wish.link,
		.own = wish.own,
		.wants_owners = (int)integer(options, "owners"),
		.bytes = full_bucket(options, "rate-bytes"),
		.packets = full_bucket(options, "rate-packets"),
	};
	if (capture_filter_compile(&filter, &wish) < 0)
		return -1;
	return capture_ring_open(&c->ring, wish.link, c->index, (uint32_t)integer(options, "ring-mb") << 20, &filter);
}

static void tell_begin(const struct capture *c, const union option_value *options)
{
	const struct own_connection *own = &c->taker.own;
	struct capture_begin begin = {
		.version = CAPTURE_WIRE_VERSION,
		.snap_bytes = (uint32_t)integer(options, "snap-bytes"),
		.realtime_ns = clock_ns(CLOCK_REALTIME),
		.monotonic_ns = now_ns(),
		.ring_bytes = (uint32_t)c->ring.bytes,
		.own_local_port = own->local_port,
		.own_remote_port = own->remote_port,
		.own_family = own->family,
		.owners = (uint8_t)c->taker.wants_owners,
	};

	memcpy(begin.own_local, own->local, sizeof(begin.own_local));
	memcpy(begin.own_remote, own->remote, sizeof(begin.own_remote));
	capture_out_message(CAPTURE_BEGIN, &begin, sizeof(begin));
	if (c->index)
		capture_interfaces_id(c->index, c->taker.link);
}

static int run_to_end(struct capture *c, int argc, char **argv)
{
	union option_value options[OPTION_MAX_COUNT];

	if (take_options(options, argc, argv) < 0 || open_capture(c, options) < 0)
		return -1;
	tell_begin(c, options);
	capture_run(c);
	return EXIT_done;
}

static void tell_fault(const struct fault *fault)
{
	char payload[sizeof(*fault) + 64];
	int size;

	fault_wrap("cannot capture");
	fprintf(stderr, "loader: %s: %s\n", fault_code_text(fault->code), fault->message);
	size = snprintf(payload, sizeof(payload), "%s%c%s%c%s%c%s%c", fault_code_text(fault->code), 0, fault->message, 0,
			fault->hint, 0, fault->detail, 0);
	capture_out_message(WIRE_FAULT, payload, (size_t)size);
	capture_out_flush_within(LAST_WORDS_MS);
}

int run_capture(int argc, char **argv)
{
	static struct capture capture = { .ring = { .fd = -1 } };
	int result;

	die_with_parent(getppid());
	signal(SIGPIPE, SIG_IGN);
	capture_out_open();
	result = run_to_end(&capture, argc - 1, argv + 1);
	if (fault_current())
		tell_fault(fault_current());
	capture_ring_close(&capture.ring);
	capture_out_close();
	return result < 0 ? EXIT_failed : result;
}
