/* The loader's interface as JSON, so that the agent converts rows by a table instead of by code, and a test can hold
 * this program, the agent and the manifests together. */
#include <stdio.h>
#include "capture_run.h"
#include "capture_wire.h"
#include "exit.h"
#include "fault.h"
#include "keeper.h"
#include "probe.h"
#include "verbs.h"
#include "wire.h"

static void print_integer(const char *name, int64_t value)
{
	if (value == OPTION_UNSET)
		printf(",\"%s\":null", name);
	else
		printf(",\"%s\":%lld", name, (long long)value);
}

static void print_options(const struct option_spec *specs)
{
	printf("\"options\":[");
	for (size_t i = 0; specs[i].name; i++) {
		int is_integer = specs[i].kind == OPTION_INTEGER;

		printf("%s{\"name\":\"%s\",\"kind\":\"%s\"", i ? "," : "", specs[i].name, is_integer ? "integer" : "text");
		if (is_integer) {
			print_integer("min", specs[i].min);
			print_integer("max", specs[i].max);
		}
		print_integer("default", is_integer ? specs[i].fallback : OPTION_UNSET);
		printf("}");
	}
	printf("]");
}

static void print_fields(const struct row_field *fields)
{
	printf("\"fields\":[");
	for (size_t i = 0; fields[i].name; i++)
		printf("%s{\"name\":\"%s\",\"offset\":%u,\"size\":%u,\"kind\":\"%s\",\"role\":\"%s\"}", i ? "," : "",
		       fields[i].name, fields[i].offset, fields[i].size, fields[i].kind, fields[i].role);
	printf("]");
}

static void print_wire(void)
{
	printf("\"wire\":{\"version\":%d,\"maxLength\":%u,\"maxFrames\":%d,\"commLength\":%d,\"buildIdLength\":%d,", WIRE_VERSION,
	       WIRE_MAX_LENGTH, WIRE_MAX_FRAMES, WIRE_COMM_LEN, WIRE_BUILD_ID_LEN);
	printf("\"types\":{\"ready\":%d,\"batchBegin\":%d,\"stacks\":%d,\"rows\":%d,\"counters\":%d,\"batchEnd\":%d,"
	       "\"fault\":%d,\"worker\":%d,\"cost\":%d,\"note\":%d,\"known\":%d,\"forget\":%d},",
	       WIRE_READY, WIRE_BATCH_BEGIN, WIRE_STACKS, WIRE_ROWS, WIRE_COUNTERS, WIRE_BATCH_END, WIRE_FAULT, WIRE_WORKER,
	       WIRE_COST, WIRE_NOTE, WIRE_KNOWN, WIRE_FORGET);
	printf("\"sizes\":{\"header\":%zu,\"ready\":%zu,\"batchBegin\":%zu,\"stack\":%zu,\"frame\":8,\"buildIdFrame\":%zu,"
	       "\"counters\":%zu,\"worker\":%zu,\"cost\":%zu},",
	       sizeof(struct wire_header), sizeof(struct wire_ready), sizeof(struct wire_batch_begin),
	       sizeof(struct wire_stack), sizeof(struct wire_build_id_frame), sizeof(struct wire_counters),
	       sizeof(struct wire_worker), sizeof(struct wire_cost));
	printf("\"spaces\":{\"kernel\":%d,\"user\":%d,\"userBuildId\":%d}}", WIRE_SPACE_KERNEL, WIRE_SPACE_USER,
	       WIRE_SPACE_USER_BUILD_ID);
}

static void print_capture(void)
{
	printf("\"capture\":{\"version\":%d,", CAPTURE_WIRE_VERSION);
	printf("\"types\":{\"begin\":%d,\"interface\":%d,\"process\":%d,\"packets\":%d,\"counters\":%d,\"end\":%d},",
	       CAPTURE_BEGIN, CAPTURE_INTERFACE, CAPTURE_PROCESS, CAPTURE_PACKETS, CAPTURE_COUNTERS, CAPTURE_END);
	printf("\"sizes\":{\"begin\":%zu,\"interface\":%zu,\"process\":%zu,\"packet\":%zu,\"counters\":%zu,\"end\":%zu},",
	       sizeof(struct capture_begin), sizeof(struct capture_interface), sizeof(struct capture_process),
	       sizeof(struct capture_packet), sizeof(struct capture_counters), sizeof(uint32_t));
	printf("\"ends\":[%d,%d],", CAPTURE_END_ASKED, CAPTURE_END_INTERFACE_GONE);
	print_options(CAPTURE_OPTIONS);
	printf("}");
}

int run_describe(int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return usage("describe");
	printf("{\"version\":\"" SONDE_VERSION "\",\"machine\":\"" SONDE_MACHINE "\",");
	print_wire();
	printf(",");
	print_capture();
	printf(",\"faults\":[");
#define X(name, text) printf("%s\"%s\"", FAULT_##name ? "," : "", text);
	FAULT_CODES(X)
#undef X
	printf("],\"exits\":{");
#define X(name, number) printf("%s\"%s\":%d", number ? "," : "", #name, number);
	EXIT_CODES(X)
#undef X
	printf("},\"run\":{");
	print_options(RUN_OPTIONS);
	printf("},\"probes\":[");
	for (size_t i = 0; PROBES[i]; i++) {
		printf("%s{\"id\":\"%s\",\"rowSize\":%u,", i ? "," : "", PROBES[i]->id, PROBES[i]->row_bytes);
		print_options(PROBES[i]->options);
		printf(",");
		print_fields(PROBES[i]->fields);
		printf("}");
	}
	printf("]}\n");
	return EXIT_done;
}
