#include "capture_out.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "wire.h"

#define BUFFER_BYTES (1u << 20)
/* Packets share a message up to here: a header of 16 bytes for each would be much on a stream of small ones. */
#define GATHER_BYTES (64u << 10)
#define TOLD_PROCESSES 1024u

static uint8_t buffer[BUFFER_BYTES];
static size_t start, end;
static size_t open_at; /* where the header of unfinished PACKETS lies, + 1; 0: none */
static int flags_before;

void capture_out_open(void)
{
	flags_before = fcntl(STDOUT_FILENO, F_GETFL);
	fcntl(STDOUT_FILENO, F_SETFL, flags_before | O_NONBLOCK);
}

void capture_out_close(void)
{
	fcntl(STDOUT_FILENO, F_SETFL, flags_before);
}

int capture_out_has_room(void)
{
	return BUFFER_BYTES - (end - start) >= CAPTURE_OUT_PACKET_BYTES;
}

int capture_out_is_empty(void)
{
	return start == end;
}

/* NULL where there is none. */
static uint8_t *take_room(size_t size)
{
	uint8_t *at;

	if (size > BUFFER_BYTES - (end - start))
		return NULL;
	if (size > BUFFER_BYTES - end) {
		memmove(buffer, buffer + start, end - start);
		open_at -= open_at ? start : 0;
		end -= start;
		start = 0;
	}
	at = buffer + end;
	end += size;
	return at;
}

static uint8_t *begin(uint16_t type, size_t size)
{
	struct wire_header header = { .length = (uint32_t)size, .type = type };
	uint8_t *at = take_room(sizeof(header) + size);

	if (!at)
		return NULL;
	memcpy(at, &header, sizeof(header));
	return at + sizeof(header);
}

void capture_out_message(uint16_t type, const void *payload, size_t size)
{
	uint8_t *at;

	open_at = 0;
	at = begin(type, size);
	if (at)
		memcpy(at, payload, size);
}

/* The open message grows by `size`. */
static uint8_t *extend(size_t size)
{
	uint8_t *at = take_room(size);
	uint32_t length;

	if (!at)
		return NULL;
	length = (uint32_t)(end - (open_at - 1) - sizeof(struct wire_header));
	memcpy(buffer + open_at - 1 + offsetof(struct wire_header, length), &length, sizeof(length));
	if (length >= GATHER_BYTES)
		open_at = 0;
	return at;
}

uint8_t *capture_out_packet(const struct capture_packet *packet)
{
	size_t size = sizeof(*packet) + packet->captured;
	uint8_t *at;

	if (open_at) {
		at = extend(size);
	} else {
		at = begin(CAPTURE_PACKETS, size);
		if (at && size < GATHER_BYTES)
			open_at = (size_t)(at - buffer) - sizeof(struct wire_header) + 1;
	}
	if (!at)
		return NULL;
	memcpy(at, packet, sizeof(*packet));
	return at + sizeof(*packet);
}

void capture_out_process(const struct capture_process *process)
{
	static struct capture_process told[TOLD_PROCESSES];
	struct capture_process *last = &told[process->tgid % TOLD_PROCESSES];

	if (!memcmp(last, process, sizeof(*process)))
		return;
	*last = *process;
	capture_out_message(CAPTURE_PROCESS, process, sizeof(*process));
}

int capture_out_flush(void)
{
	open_at = 0; /* what is written cannot grow */
	while (start < end) {
		ssize_t put = write(STDOUT_FILENO, buffer + start, end - start);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		start += (size_t)put;
	}
	start = end = 0;
	return 0;
}

void capture_out_flush_within(int milliseconds)
{
	uint64_t deadline = now_ns() + (uint64_t)milliseconds * NS_PER_MS;

	while (capture_out_flush() == 0 && !capture_out_is_empty() && now_ns() < deadline) {
		struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

		poll(&out, 1, (int)((deadline - now_ns()) / NS_PER_MS) + 1);
	}
}
