#include "emit.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "message.h"

/* One message of a worker, and our own beside it: a fault is the longest of those. */
#define OWN_BYTES (16 << 10)
static uint8_t queue[MESSAGE_MAX_BYTES + OWN_BYTES];
static size_t queue_start, queue_end;
static int flags_before;

void emit_open(void)
{
	flags_before = fcntl(STDOUT_FILENO, F_GETFL);
	fcntl(STDOUT_FILENO, F_SETFL, flags_before | O_NONBLOCK);
}

void emit_close(void)
{
	fcntl(STDOUT_FILENO, F_SETFL, flags_before);
}

static size_t room(void)
{
	return sizeof(queue) - (queue_end - queue_start);
}

int emit_has_room(void)
{
	return room() >= MESSAGE_MAX_BYTES;
}

int emit_is_empty(void)
{
	return queue_start == queue_end;
}

void emit_packet(const void *packet, size_t size)
{
	if (size > room())
		return;
	memmove(queue, queue + queue_start, queue_end - queue_start);
	queue_end -= queue_start;
	queue_start = 0;
	memcpy(queue + queue_end, packet, size);
	queue_end += size;
}

void emit_message(enum wire_type type, const void *payload, size_t size)
{
	static uint8_t packet[OWN_BYTES];
	struct wire_header header = { .length = (uint32_t)size, .type = type };

	if (sizeof(header) + size > sizeof(packet))
		return;
	memcpy(packet, &header, sizeof(header));
	memcpy(packet + sizeof(header), payload, size);
	emit_packet(packet, sizeof(header) + size);
}

void emit_fault(const struct fault *fault)
{
	const char *parts[] = { fault_code_text(fault->code), fault->message, fault->hint, fault->detail };
	char payload[sizeof(struct fault) + 64];
	size_t used = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t size = strlen(parts[i]) + 1;

		memcpy(payload + used, parts[i], size);
		used += size;
	}
	emit_message(WIRE_FAULT, payload, used);
}

int emit_flush(void)
{
	while (queue_start < queue_end) {
		ssize_t put = write(STDOUT_FILENO, queue + queue_start, queue_end - queue_start);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		queue_start += (size_t)put;
	}
	return 0;
}

void emit_flush_within(int milliseconds)
{
	uint64_t deadline = now_ns() + (uint64_t)milliseconds * NS_PER_MS;

	while (emit_flush() == 0 && !emit_is_empty() && now_ns() < deadline) {
		struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

		poll(&out, 1, (int)((deadline - now_ns()) / NS_PER_MS) + 1);
	}
}
