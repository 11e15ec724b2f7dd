/* The process that may be killed at any moment. All it knows that matters lies in the kernel's tables and in `turn`. */
#include "worker.h"
#include <errno.h>
#include <poll.h>
#include <unistd.h>
#include "backlog.h"
#include "batch.h"
#include "clock.h"
#include "exit.h"
#include "parent.h"
#include "sent_keys.h"

/* The first picture comes early; after that, a second is what a person can follow. */
#define FIRST_DRAIN_NS (250 * NS_PER_MS)
#define MIN_CHECK_NS (20 * NS_PER_MS)
/* How soon a reader that was behind gets the next batch. */
#define BACKLOG_CHECK_NS (50 * NS_PER_MS)

struct worker {
	const struct run *run;
	const struct table_set *set; /* the run's */
	struct turn *turn;
	uint64_t interval_ns;
	uint64_t check_ns; /* 0: the tables cannot fill to half within an interval */
	int is_stopping;
	struct sent_keys sent;
	struct message message;
};

/* How often to look whether a side is filling: twice in the time that the fastest possible events need for half. */
static uint64_t check_interval(const struct table_set *set, uint64_t interval_ns)
{
	uint64_t capacity = set->row_capacity, to_half_ns;

	for (int space = 0; space < STACK_SPACES; space++)
		if (set->stack_capacity[space] && set->stack_capacity[space] < capacity)
			capacity = set->stack_capacity[space];
	to_half_ns = capacity / 2 * NS_PER_S / (set->max_events_per_second ? set->max_events_per_second : 1);
	if (to_half_ns >= interval_ns)
		return 0;
	return to_half_ns / 2 > MIN_CHECK_NS ? to_half_ns / 2 : MIN_CHECK_NS;
}

/* A reader that has not read the last batch gets one for a longer time instead of a queue of them: what comes meanwhile
 * is added up in the kernel, so it costs a slow agent little more to read, and it is never behind by more than two. */
static void wait_for_turn(struct worker *w)
{
	uint64_t batch = turn_batch(w->turn);
	uint64_t due = *turn_end_ns(w->turn, batch - 1) + (batch == 0 ? FIRST_DRAIN_NS : w->interval_ns);

	for (;;) {
		struct pollfd keeper = { .fd = w->message.fd, .events = POLLIN };
		uint64_t now = now_ns();
		int is_late = now >= due;
		uint64_t wait_ns = !is_late ? due - now : backlog_is_there(STDOUT_FILENO) ? BACKLOG_CHECK_NS : 0;
		uint64_t pause_ns = w->check_ns && wait_ns > w->check_ns ? w->check_ns : wait_ns;

		if (poll(&keeper, 1, (int)((pause_ns + NS_PER_MS - 1) / NS_PER_MS)) > 0)
			w->is_stopping = 1; /* the keeper never says anything else */
		if (w->is_stopping || wait_ns == 0)
			return;
		/* Later than was foreseen, any table may fill. */
		if ((w->check_ns || is_late) && table_set_is_filling(w->set, batch & 1))
			return;
	}
}

static int turn_over(struct worker *w)
{
	uint64_t batch = turn_batch(w->turn);

	*turn_end_ns(w->turn, batch) = now_ns();
	return table_set_turn(w->set, (batch + 1) & 1);
}

static int send_batch(struct worker *w)
{
	uint64_t batch = turn_batch(w->turn);

	w->message.batch = batch;
	return batch_send(&w->message, w->run, batch & 1, *turn_end_ns(w->turn, batch - 1), *turn_end_ns(w->turn, batch),
			  &w->sent);
}

static int clear_side(struct worker *w)
{
	uint64_t batch = turn_batch(w->turn);
	int rows_fd = w->set->sides[batch & 1].rows;
	int has_rows = sent_keys_delete(&w->sent, batch, rows_fd, w->set->key_bytes) < 0;

	return table_set_clear(w->set, batch & 1, has_rows);
}

/* One phase; -1 where the kernel or the keeper would not. */
static int step(struct worker *w)
{
	switch (turn_phase(w->turn)) {
	case PHASE_FILLING:
		wait_for_turn(w);
		return 0;
	case PHASE_TURNING:
		return turn_over(w);
	case PHASE_FROZEN:
		return send_batch(w);
	case PHASE_CLEARING:
	default:
		return clear_side(w);
	}
}

_Noreturn void worker_main(const struct run *run, struct turn *turn, pid_t keeper, int keeper_fd, uint64_t interval_ns)
{
	static struct worker w;
	int is_last = 0;

	die_with_parent(keeper);
	close(STDIN_FILENO); /* stdout stays: nothing is written to it, but it tells what was not read */
	w = (struct worker){ .run = run, .set = &run->tables, .turn = turn, .interval_ns = interval_ns };
	w.check_ns = check_interval(w.set, interval_ns);
	w.message.fd = keeper_fd;
	for (;;) {
		enum phase phase = turn_phase(turn);

		if (step(&w) < 0)
			_exit(EXIT_failed);
		/* Stopping was noticed while a side was filling: that one is still sent. */
		is_last |= phase == PHASE_FILLING && w.is_stopping;
		turn_advance(turn);
		if (phase == PHASE_CLEARING && is_last)
			_exit(EXIT_done);
	}
}
