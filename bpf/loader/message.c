#include "message.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

_Static_assert(offsetof(struct message, payload) == offsetof(struct message, header) + sizeof(struct wire_header),
	       "one packet");

static int send_packet(struct message *message, enum wire_type type)
{
	ssize_t sent;

	message->header = (struct wire_header){ .length = (uint32_t)message->used, .type = type, .batch = message->batch };
	do
		sent = send(message->fd, &message->header, sizeof(message->header) + message->used, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	message->used = 0;
	return sent < 0 ? -1 : 0;
}

int message_send(struct message *message, enum wire_type type, const void *payload, size_t size)
{
	if (size)
		memcpy(message->payload, payload, size);
	message->used = size;
	return send_packet(message, type);
}

int message_flush(struct message *message, enum wire_type type)
{
	return message->used ? send_packet(message, type) : 0;
}

int message_add(struct message *message, enum wire_type type, const void *head, size_t head_size, const void *tail,
		size_t tail_size)
{
	if (message->used + head_size + tail_size > sizeof(message->payload) && message_flush(message, type) < 0)
		return -1;
	memcpy(message->payload + message->used, head, head_size);
	memcpy(message->payload + message->used + head_size, tail, tail_size);
	message->used += head_size + tail_size;
	return 0;
}
