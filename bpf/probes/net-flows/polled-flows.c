#include "polled-flows.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include "clock.h"
#include "endings.h"
#include "flow-owners.h"
#include "message.h"
#include "own-flows.h"

/* What known_sockets holds at most; memory is taken as it is used. */
#define MAX_SOCKETS 65536

/* A socket and what it has done since it was made. */
struct polled_socket {
	struct wire_flow flow;
	uint64_t cgroup;
	struct socket_figures figures;
	uint32_t tgid;
	uint32_t state;
	char comm[SOCKET_COMM_LEN];
	uint8_t is_untold; /* it is from before the first batch */
	uint8_t is_own;    /* of Sonde itself, and its flow does not say so */
	uint8_t pad[6];
};

/* What a look saw, sorted by cookie. */
struct polled_list {
	uint64_t to_ns; /* of the batch that it was for */
	uint32_t count;
	struct polled_socket at[MAX_SOCKETS];
	struct ending_list endings; /* from the look before it until this one */
};

/* Memory that workers share with the keeper. A worker may be killed anywhere: the list that is being written is the older
 * one, which nobody needs any more, and it counts when `now` says so. */
struct polled_flows {
	uint32_t now;
	struct polled_list lists[2];
};

static const struct polled_socket *find(const struct polled_list *list, uint64_t cookie)
{
	uint32_t from = 0, to = list->count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (list->at[middle].flow.cookie < cookie)
			from = middle + 1;
		else
			to = middle;
	}
	return from < list->count && list->at[from].flow.cookie == cookie ? &list->at[from] : NULL;
}

/* Whoever had it before counts where nobody is seen to have it now: it may be on its way between processes. */
static void take_socket(const struct quiet_flows *quiet, const struct look *look, const struct known_socket *socket,
			const struct polled_socket *before, struct polled_socket *polled)
{
	struct owner owner = { .opened_ns = look->is_first ? 0 : look->to_ns, .direction = flow_direction(look, socket) };

	*polled = (struct polled_socket){
		.flow = before ? before->flow : quiet_flow_of(quiet, &socket->seen, &owner),
		.cgroup = socket->seen.cgroup,
		.figures = socket->figures,
		.tgid = socket->seen.tgid,
		.state = socket->seen.protocol == IPPROTO_TCP ? socket->seen.state : STATE_NONE,
		.is_untold = (uint8_t)look->is_first,
	};
	memcpy(polled->comm, socket->seen.comm, sizeof(polled->comm));
	polled->is_own = (uint8_t)own_flow_is_later(look, &polled->flow);
	if (polled->tgid || !before)
		return;
	polled->tgid = before->tgid;
	memcpy(polled->comm, before->comm, sizeof(polled->comm));
}

static int is_wanted(void *context, const struct known_socket *socket)
{
	(void)context;
	(void)socket;
	return 1;
}

static int read_list(const struct quiet_flows *quiet, int is_first, uint64_t to_ns)
{
	struct polled_flows *polled = quiet->polled;
	struct polled_list *list = &polled->lists[polled->now ^ 1];
	const struct polled_list *before = &polled->lists[polled->now];
	struct look look = { .quiet = quiet, .to_ns = to_ns, .is_first = is_first };

	if (known_sockets_look(&look.sockets, 1) < 0)
		return -1;
	known_sockets_own(&look.sockets, is_wanted, NULL);
	known_sockets_sort(&look.sockets);
	look.own_count = own_connections_find(look.own);
	list->to_ns = to_ns;
	list->count = 0;
	for (uint32_t i = 0; i < look.sockets.count; i++) {
		const struct known_socket *socket = &look.sockets.list[i];

		take_socket(quiet, &look, socket, find(before, socket->seen.cookie), &list->at[list->count++]);
	}
	known_sockets_free(&look.sockets);
	/* After the look: one that ends between the two is told by the next. */
	if (quiet->endings_fd > 0)
		endings_take(quiet->endings_fd, &before->endings, &list->endings);
	__atomic_store_n(&polled->now, polled->now ^ 1, __ATOMIC_RELEASE);
	return 0;
}

struct polled_flows *polled_flows_open(const struct quiet_flows *quiet)
{
	struct quiet_flows looking = *quiet;

	looking.polled = mmap(NULL, sizeof(struct polled_flows), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (looking.polled == MAP_FAILED)
		return NULL;
	if (read_list(&looking, 1, 0) == 0)
		return looking.polled;
	polled_flows_close(looking.polled);
	return NULL;
}

void polled_flows_close(struct polled_flows *polled)
{
	if (polled)
		munmap(polled, sizeof(*polled));
}

/* A counter that goes back is another socket's. */
static uint64_t since(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static int has_news(const struct net_flows_value *value, const struct polled_socket *now, const struct polled_socket *before)
{
	return !before || before->is_untold || before->state != now->state || before->is_own != now->is_own || before->tgid != now->tgid || value->sent || value->received ||
	       value->packets_sent || value->packets_received || value->retransmits;
}

static int send_row(const struct quiet_flows *quiet, const struct net_flows_value *value, struct wire_counters *counters,
		struct message *message)
{
	uint64_t packets = value->packets_sent + value->packets_received;

	counters->seen += packets;
	if (quiet_flows_wants(&quiet->config, value))
		counters->kept += packets;
	else
		counters->filtered += packets;
	return quiet_flows_send(quiet, value, message);
}

static int tell_socket(const struct quiet_flows *quiet, const struct polled_socket *now, const struct polled_socket *before,
		       struct wire_counters *counters, struct message *message)
{
	static const struct socket_figures NONE;
	const struct socket_figures *figures = &now->figures, *were = before ? &before->figures : &NONE;
	struct net_flows_value value = {
		.flow = now->flow,
		.cgroup = now->cgroup,
		.tgid = now->tgid,
		.tid = now->tgid,
		.state = now->state,
		.own = now->is_own,
		.sent = since(figures->sent, were->sent),
		.received = since(figures->received, were->received),
		.packets_sent = since(figures->packets_sent, were->packets_sent),
		.packets_received = since(figures->packets_received, were->packets_received),
		.retransmits = since(figures->retransmits, were->retransmits),
		.out_of_order = since(figures->out_of_order, were->out_of_order),
		.rtt = (uint64_t)figures->rtt_us * 1000,
		.rtt_min = (uint64_t)figures->rtt_min_us * 1000,
		.jitter = (uint64_t)figures->rtt_deviation_us * 1000,
	};

	memcpy(value.comm, now->comm, sizeof(value.comm));
	return has_news(&value, now, before) ? send_row(quiet, &value, counters, message) : 0;
}

/* What a socket did after the last look at it is not known. `ending` is NULL where that is not, either. */
static int tell_gone(const struct quiet_flows *quiet, const struct polled_socket *gone, const struct ending *ending,
		     uint64_t to_ns, struct wire_counters *counters, struct message *message)
{
	struct net_flows_value value = {
		.flow = gone->flow,
		.cgroup = gone->cgroup,
		.tgid = gone->tgid,
		.tid = gone->tgid,
		.state = gone->flow.protocol == PROTOCOL_TCP ? STATE_CLOSE : STATE_NONE,
		.closed = to_ns,
	};

	memcpy(value.comm, gone->comm, sizeof(value.comm));
	if (ending)
		ending_put(&value, ending);
	return send_row(quiet, &value, counters, message);
}

/* No look saw it: its figures are not known. */
static int tell_brief(const struct quiet_flows *quiet, const struct ending *ending, struct wire_counters *counters,
		      struct message *message)
{
	struct net_flows_value value = { .cgroup = ending->cgroup, .state = STATE_CLOSE };

	value.flow = quiet_flow_of_ending(quiet, ending);
	ending_put(&value, ending);
	return send_row(quiet, &value, counters, message);
}

/* What the two looks before and after a window say, and the endings from the last to each. */
struct two_looks {
	const struct polled_list *now, *before;
	struct cookie_index of_now, of_before;
	uint8_t is_told[MAX_ENDINGS]; /* of those until now, or it will be: its socket was there still */
};

static const struct ending *ending_of(struct two_looks *looks, const struct wire_flow *flow)
{
	uint32_t place = endings_find(&looks->now->endings, &looks->of_now, flow);

	if (place != COOKIE_UNKNOWN) {
		looks->is_told[place] = 1;
		return &looks->now->endings.at[place];
	}
	place = endings_find(&looks->before->endings, &looks->of_before, flow);
	return place == COOKIE_UNKNOWN ? NULL : &looks->before->endings.at[place];
}

static int tell_ends(const struct quiet_flows *quiet, struct two_looks *looks, uint64_t to_ns, struct wire_counters *counters,
		     struct message *message)
{
	const struct polled_list *now = looks->now, *before = looks->before;
	int result = 0;

	for (uint32_t i = 0; i < now->count; i++)
		ending_of(looks, &now->at[i].flow);
	for (uint32_t i = 0; i < before->count && result == 0; i++)
		if (!find(now, before->at[i].flow.cookie))
			result = tell_gone(quiet, &before->at[i], ending_of(looks, &before->at[i].flow), to_ns, counters, message);
	for (uint32_t i = 0; i < now->endings.count && result == 0; i++)
		if (!looks->is_told[i])
			result = tell_brief(quiet, &now->endings.at[i], counters, message);
	return result;
}

int polled_flows_add(const struct quiet_flows *quiet, uint64_t to_ns, struct wire_counters *counters, struct message *message)
{
	struct polled_flows *polled = quiet->polled;
	static struct two_looks looks;
	const struct polled_list *now, *before;
	int result = 0;

	/* A batch that is sent again has the same rows. */
	if (polled->lists[polled->now].to_ns != to_ns && read_list(quiet, 0, to_ns) < 0)
		return 0;
	now = &polled->lists[polled->now];
	before = &polled->lists[polled->now ^ 1];
	for (uint32_t i = 0; i < now->count && result == 0; i++) {
		const struct polled_socket *socket = &now->at[i], *was = find(before, socket->flow.cookie);

		result = tell_socket(quiet, socket, was, counters, message);
	}
	if (result == 0) {
		looks = (struct two_looks){ .now = now, .before = before };
		endings_index(&now->endings, &looks.of_now);
		endings_index(&before->endings, &looks.of_before);
		result = tell_ends(quiet, &looks, to_ns, counters, message);
		cookie_index_free(&looks.of_now);
		cookie_index_free(&looks.of_before);
	}
	return result;
}
