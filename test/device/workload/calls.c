// Makes system calls and knows how many, with which errors, and how long those that wait were kept waiting.
//
//   calls [--calls 1000000] [--threads 4] [--sleeps 50] [--sleep-us 3000] [--blocks 5] [--block-ms 40] [--per-second 0]
//
// Each thread makes its share of the calls: getppid, openat of a file that is not there, read from a pipe, and write to
// a descriptor that is not open, in turn; of them `sleeps` are clock_nanosleep and `blocks` are reads of a timer that
// has not run out yet. With a rate, all threads together make so many a second, some of them a hundred times a second,
// with pauses in between: each pause is one clock_nanosleep more. At the end prints one line of JSON with what each
// thread did. libc makes none of these calls by itself in a thread that is not the first.

#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define MAX_THREADS 10000
#define STACK_BYTES (64 << 10)
// All threads share a pipe. Together they put no more into it than it holds, so that writing never waits.
#define PIPE_BYTES (32 << 10)
#define MAX_REFILL 4096
#define BURSTS_PER_SECOND 100

enum { GETPPID, OPENAT, READ, WRITE, KINDS };

struct plan {
    uint64_t calls, sleeps, sleep_ns, blocks, block_ns;
    uint64_t refill; // bytes put into the pipe at once
    uint64_t burst;  // calls between two pauses; 0 = no pauses
    int pipe[2];
};

struct span {
    uint64_t shortest_ns, longest_ns, total_ns;
};

struct worker {
    pthread_t thread;
    const struct plan *plan;
    long tid;
    uint64_t refills, pauses, wrong;
    struct span slept, blocked;
};

static void expect(struct worker *worker, long result, long wanted, int error) {
    if (result != wanted || (result < 0 && errno != error))
        worker->wrong++;
}

static void one_call(struct worker *worker, uint64_t number) {
    char byte;
    switch (number % KINDS) {
    case GETPPID:
        if (syscall(SYS_getppid) <= 0)
            worker->wrong++;
        return;
    case OPENAT:
        expect(worker, syscall(SYS_openat, AT_FDCWD, "/nowhere/at/all", O_RDONLY), -1, ENOENT);
        return;
    case READ:
        expect(worker, syscall(SYS_read, worker->plan->pipe[0], &byte, 1), 1, 0);
        return;
    default:
        expect(worker, syscall(SYS_write, -1, &byte, 1), -1, EBADF);
        return;
    }
}

static void add(struct span *span, uint64_t ns) {
    if (span->total_ns == 0 || ns < span->shortest_ns)
        span->shortest_ns = ns;
    if (ns > span->longest_ns)
        span->longest_ns = ns;
    span->total_ns += ns;
}

static void sleep_known(struct worker *worker) {
    struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)worker->plan->sleep_ns};
    uint64_t start = clock_ns(CLOCK_MONOTONIC);
    expect(worker, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &pause, NULL), 0, 0);
    add(&worker->slept, clock_ns(CLOCK_MONOTONIC) - start);
}

static void block_known(struct worker *worker, int timer) {
    uint64_t times;
    struct itimerspec once = {.it_value.tv_nsec = (long)worker->plan->block_ns};
    uint64_t start = clock_ns(CLOCK_MONOTONIC);
    timerfd_settime(timer, 0, &once, NULL);
    expect(worker, syscall(SYS_read, timer, &times, sizeof times), sizeof times, 0);
    add(&worker->blocked, clock_ns(CLOCK_MONOTONIC) - start);
}

// Sleeps until the next burst is due; not at all, but with a call, when that is over.
static void keep_pace(struct worker *worker, uint64_t due_ns) {
    struct timespec due = {.tv_sec = (time_t)(due_ns / NS_PER_SECOND), .tv_nsec = (long)(due_ns % NS_PER_SECOND)};
    expect(worker, syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL), 0, 0);
    worker->pauses++;
}

static void *work(void *context) {
    static const char bytes[MAX_REFILL];
    struct worker *worker = context;
    const struct plan *plan = worker->plan;
    prctl(PR_SET_NAME, "calls-worker");
    worker->tid = syscall(SYS_gettid);
    uint64_t start_ns = clock_ns(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < plan->calls - plan->sleeps - plan->blocks; i++) {
        if (plan->burst && i % plan->burst == 0)
            keep_pace(worker, start_ns + i / plan->burst * (NS_PER_SECOND / BURSTS_PER_SECOND));
        if (i % KINDS == READ && i / KINDS % plan->refill == 0) {
            expect(worker, syscall(SYS_write, plan->pipe[1], bytes, plan->refill), (long)plan->refill, 0);
            worker->refills++;
        }
        one_call(worker, i);
    }
    for (uint64_t i = 0; i < plan->sleeps; i++)
        sleep_known(worker);
    int timer = plan->blocks ? timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) : -1;
    for (uint64_t i = 0; i < plan->blocks; i++)
        block_known(worker, timer);
    return NULL;
}

static void print_span(const char *name, const struct span *span) {
    printf(",\"%s\":{\"shortestNs\":%llu,\"longestNs\":%llu,\"totalNs\":%llu}", name,
           (unsigned long long)span->shortest_ns, (unsigned long long)span->longest_ns,
           (unsigned long long)span->total_ns);
}

static void report(const struct worker *workers, uint64_t threads, const struct plan *plan) {
    uint64_t plain = plan->calls - plan->sleeps - plan->blocks;
    printf("{\"program\":\"calls\",\"pid\":%d,\"threads\":[", getpid());
    for (uint64_t t = 0; t < threads; t++) {
        const struct worker *worker = &workers[t];
        uint64_t of_kind[KINDS];
        for (uint64_t kind = 0; kind < KINDS; kind++)
            of_kind[kind] = plain / KINDS + (kind < plain % KINDS);
        printf("%s{\"tid\":%ld,\"wrong\":%llu,\"calls\":{\"getppid 0\":%llu,\"openat %d\":%llu,\"read 0\":%llu,"
               "\"write %d\":%llu,\"write 0\":%llu,\"clock_nanosleep 0\":%llu}",
               t ? "," : "", worker->tid, (unsigned long long)worker->wrong, (unsigned long long)of_kind[GETPPID], ENOENT,
               (unsigned long long)of_kind[OPENAT], (unsigned long long)(of_kind[READ] + plan->blocks), EBADF,
               (unsigned long long)of_kind[WRITE], (unsigned long long)worker->refills,
               (unsigned long long)(plan->sleeps + worker->pauses));
        print_span("slept", &worker->slept);
        print_span("blocked", &worker->blocked);
        printf("}");
    }
    printf("]}\n");
}

int main(int argc, char **argv) {
    static struct worker workers[MAX_THREADS];
    uint64_t threads = option_number(argc, argv, "--threads", 4);
    struct plan plan = {
        .calls = option_number(argc, argv, "--calls", 1000000) / (threads ? threads : 1),
        .sleeps = option_number(argc, argv, "--sleeps", 50),
        .sleep_ns = option_number(argc, argv, "--sleep-us", 3000) * 1000,
        .blocks = option_number(argc, argv, "--blocks", 5),
        .block_ns = option_number(argc, argv, "--block-ms", 40) * NS_PER_MS,
    };
    uint64_t per_second = option_number(argc, argv, "--per-second", 0);
    plan.burst = per_second / BURSTS_PER_SECOND / (threads ? threads : 1);
    if (per_second && !plan.burst)
        plan.burst = 1;
    plan.refill = threads ? PIPE_BYTES / threads : 1;
    if (plan.refill > MAX_REFILL)
        plan.refill = MAX_REFILL;
    if (threads < 1 || threads > MAX_THREADS || plan.calls < plan.sleeps + plan.blocks) {
        fprintf(stderr, "--threads is 1 to %d, each with more calls than sleeps and blocks\n", MAX_THREADS);
        return 2;
    }
    if (pipe(plan.pipe) < 0) {
        perror("cannot make a pipe");
        return 1;
    }
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    for (uint64_t t = 0; t < threads; t++) {
        workers[t].plan = &plan;
        if (pthread_create(&workers[t].thread, &small, work, &workers[t]) != 0) {
            perror("cannot start a thread");
            return 1;
        }
    }
    for (uint64_t t = 0; t < threads; t++)
        pthread_join(workers[t].thread, NULL);
    report(workers, threads, &plan);
    return 0;
}
