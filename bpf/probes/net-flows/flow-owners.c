#include "flow-owners.h"
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* So often a socket is looked for in vain, until all that were are looked for again. */
#define VAIN_TRIES 2
#define VAIN_LOOKS 8

static int is_gone(uint32_t tgid)
{
	return kill((pid_t)tgid, 0) < 0 && errno == ESRCH;
}

static int is_gone_at(struct look *look, uint32_t tgid)
{
	uint32_t known = cookie_index_find(&look->processes, tgid);

	if (known == COOKIE_UNKNOWN)
		cookie_index_add(&look->processes, tgid, known = is_gone(tgid));
	return (int)known;
}

static int lacks_owner(void *context, const struct known_socket *socket)
{
	struct look *look = context;
	const struct owner *owner = flow_tables_owner(&look->tables, socket->seen.cookie);

	return !owner || !owner->tgid || is_gone_at(look, owner->tgid);
}

static uint32_t vain_tries(const struct look *look, const struct known_socket *socket)
{
	uint32_t tries = look->vain ? cookie_index_find(&look->vain->tries, socket->seen.cookie) : COOKIE_UNKNOWN;

	return tries == COOKIE_UNKNOWN ? 0 : tries;
}

static int is_sought(void *context, const struct known_socket *socket)
{
	return vain_tries(context, socket) < VAIN_TRIES && lacks_owner(context, socket);
}

static void note_vain(struct look *look)
{
	if (++look->vain->looks == VAIN_LOOKS) {
		cookie_index_free(&look->vain->tries);
		look->vain->looks = 0;
	}
	for (uint32_t i = 0; i < look->sockets.count; i++) {
		const struct known_socket *socket = &look->sockets.list[i];

		if (socket->seen.inode && !socket->seen.tgid && is_sought(look, socket))
			cookie_index_add(&look->vain->tries, socket->seen.cookie, vain_tries(look, socket) + 1);
	}
}

int look_begin(struct look *look)
{
	flow_tables_read(&look->tables, look->quiet);
	if (known_sockets_look(&look->sockets, look->is_first) < 0)
		return -1;
	known_sockets_own(&look->sockets, is_sought, look);
	if (look->vain)
		note_vain(look);
	return 0;
}

void look_end(struct look *look)
{
	known_sockets_free(&look->sockets);
	flow_tables_free(&look->tables);
	cookie_index_free(&look->processes);
	cookie_index_free(&look->namespaces);
}

/* Which sockets have the same namespace is known now, and which inode it has. */
static void learn_netns(const struct quiet_flows *quiet, const struct owner *owner, uint64_t inode)
{
	if (owner->netns && owner->netns < FIRST_NETNS_INODE)
		bpf_map_update_elem(quiet->namespaces_fd, &owner->netns, &inode, BPF_NOEXIST);
}

static int is_netns_told(const struct look *look, const struct owner *owner)
{
	return owner->netns == 0 || owner->netns >= FIRST_NETNS_INODE ||
	       cookie_index_find(&look->namespaces, owner->netns) != COOKIE_UNKNOWN;
}

/* 1: the process that has it is another than was known. Who made it counts as long as that one lives. */
static int take_owner(struct owner *owner, const struct socket_seen *seen)
{
	if (!seen->tgid || owner->tgid == seen->tgid || (owner->tgid && !is_gone(owner->tgid)))
		return 0;
	owner->tgid = seen->tgid;
	memcpy(owner->comm, seen->comm, sizeof(owner->comm));
	return 1;
}

uint8_t flow_direction(const struct look *look, const struct known_socket *socket)
{
	if (socket->is_listening)
		return WIRE_FLOW_LISTENING;
	return known_sockets_listen(&look->sockets, socket->seen.netns, socket->seen.local_port) ? WIRE_FLOW_IN : WIRE_FLOW_OUT;
}

/* Whether a flow has to be told that the programs have not: of connections only at the first look, for later ones begin
 * with a packet. */
static int wants_telling(const struct look *look, const struct known_socket *socket)
{
	return socket->is_listening || (look->is_first && socket->seen.protocol == IPPROTO_TCP && socket->seen.inode);
}

/* By its ports alone: what is not is told from the rest. */
static int may_be_own(const struct look *look, const struct known_socket *socket)
{
	for (int i = 0; i < look->own_count; i++)
		if (look->own[i].local_port == socket->seen.local_port && look->own[i].remote_port == socket->seen.remote_port)
			return 1;
	return 0;
}

int flow_owner_is_settled(struct look *look, const struct known_socket *socket)
{
	const struct owner *owner = flow_tables_owner(&look->tables, socket->seen.cookie);

	return owner && is_netns_told(look, owner) && !may_be_own(look, socket) && !wants_telling(look, socket) &&
	       !lacks_owner(look, socket);
}

/* Before the flow is asked for: a packet that makes it meanwhile finds what we tell. */
int flow_owner_note(struct look *look, const struct known_socket *socket, struct owner *owner)
{
	const struct quiet_flows *quiet = look->quiet;
	struct flow_key key = { .cookie = socket->seen.cookie };
	struct flow_state state;
	int has_news;

	if (bpf_map_lookup_elem(quiet->owners_fd, &key.cookie, owner) < 0)
		owner->netns = socket->seen.netns;
	learn_netns(quiet, owner, socket->seen.netns);
	cookie_index_add(&look->namespaces, owner->netns, 0);
	has_news = take_owner(owner, &socket->seen);
	if (!owner->is_told && wants_telling(look, socket) && bpf_map_lookup_elem(quiet->flows_fd, &key, &state) < 0) {
		owner->is_told = has_news = 1;
		owner->opened_ns = look->is_first ? 0 : look->to_ns;
		owner->direction = flow_direction(look, socket);
	}
	if (has_news)
		bpf_map_update_elem(quiet->owners_fd, &key.cookie, owner, BPF_ANY);
	return has_news || wants_telling(look, socket);
}

/* A socket of our own tells which cookie the namespace has that most others are in, too. */
static void learn_own_netns(const struct quiet_flows *quiet)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);
	struct owner owner;

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 &&
	    bpf_map_lookup_elem(quiet->owners_fd, &cookie, &owner) == 0) {
		learn_netns(quiet, &owner, socket_owners_own_netns());
		bpf_map_delete_elem(quiet->owners_fd, &cookie);
	}
	close(fd);
}

void flow_owners_begin(const struct quiet_flows *quiet)
{
	struct look look = { .quiet = quiet, .is_first = 1 };

	learn_own_netns(quiet);

	if (look_begin(&look) == 0)
		for (uint32_t i = 0; i < look.sockets.count; i++)
			flow_owner_note(&look, &look.sockets.list[i], &(struct owner){ 0 });
	look_end(&look);
}
