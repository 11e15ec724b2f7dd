// Spends known shares of its CPU time in named functions: what a CPU profile of it must show.
//
//   main | truth_thread → work_loop → alpha               50 %
//                                   → beta → beta_left    20 %
//                                          → beta_right   10 %
//                                   → gamma               20 %
//
// Each slice goes to the function furthest behind its share, measured by the thread's own CPU clock.
// So the shares hold on any computer, however slow or busy.
//
//   truth [--load PERCENT of one CPU per thread] [--threads N] [--name COMM] [--seconds N]
//
// On SIGTERM, or after --seconds, prints one line of JSON with the shares it achieved.

#include "workload.h"

#include <pthread.h>
#include <sys/prctl.h>

enum { ALPHA, BETA_LEFT, BETA_RIGHT, GAMMA, LEAVES };

static const double SHARE[LEAVES] = {[ALPHA] = 0.5, [BETA_LEFT] = 0.2, [BETA_RIGHT] = 0.1, [GAMMA] = 0.2};

// Slices vary in length so that they cannot fall into step with a sampling clock.
#define SLICE_MIN_NS (3 * NS_PER_MS)
#define SLICE_SPREAD_NS (6 * NS_PER_MS)

// Rounds between two looks at the clock: tens of µs natively, about 1 ms emulated. The look itself stays < 1 %.
#define ROUNDS 30000

// A thread that could not run falls behind its load. It may make up for this much, not for minutes.
#define MAX_DEBT_NS (200 * NS_PER_MS)

#define MAX_THREADS 64

struct worker {
    pthread_t thread;
    uint64_t used_ns[LEAVES];
    uint64_t random;
    double load;
    uint64_t stop_at_ns; // monotonic; 0 = on SIGTERM only
};

static inline uint64_t cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }

// The arithmetic differs from leaf to leaf, so that no two compile to the same code.
#define BURN_UNTIL(end_ns, step)                                                                                       \
    do {                                                                                                               \
        for (int i = 0; i < ROUNDS; i++)                                                                               \
            value = value * (step) + (uint64_t)i;                                                                      \
    } while (cpu_ns() < (end_ns))

NAMED_FRAME uint64_t alpha(uint64_t value, uint64_t end_ns) {
    BURN_UNTIL(end_ns, 6364136223846793005ULL);
    return value;
}

NAMED_FRAME uint64_t beta_left(uint64_t value, uint64_t end_ns) {
    BURN_UNTIL(end_ns, 2862933555777941757ULL);
    return value ^ 1;
}

NAMED_FRAME uint64_t beta_right(uint64_t value, uint64_t end_ns) {
    BURN_UNTIL(end_ns, 3202034522624059733ULL);
    return value ^ 2;
}

NAMED_FRAME uint64_t beta(uint64_t value, uint64_t end_ns, int leaf) {
    uint64_t result = leaf == BETA_LEFT ? beta_left(value, end_ns) : beta_right(value, end_ns);
    return result + 1;
}

NAMED_FRAME uint64_t gamma(uint64_t value, uint64_t end_ns) {
    BURN_UNTIL(end_ns, 3935559000370003845ULL);
    return value ^ 3;
}

static int furthest_behind(const struct worker *worker) {
    uint64_t total = 0;
    for (int leaf = 0; leaf < LEAVES; leaf++)
        total += worker->used_ns[leaf];
    int chosen = ALPHA;
    double most = -1e300;
    for (int leaf = 0; leaf < LEAVES; leaf++) {
        double behind = SHARE[leaf] * (double)total - (double)worker->used_ns[leaf];
        if (behind > most) {
            most = behind;
            chosen = leaf;
        }
    }
    return chosen;
}

static uint64_t next_slice_ns(struct worker *worker) {
    worker->random = worker->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return SLICE_MIN_NS + (worker->random >> 33) % SLICE_SPREAD_NS;
}

// Sleeps until the CPU time used is no more than load × the time passed.
static void keep_to_load(double load, uint64_t *since_ns, uint64_t *cpu_since_ns) {
    uint64_t now = clock_ns(CLOCK_MONOTONIC);
    double due_ns = (double)(cpu_ns() - *cpu_since_ns) / load;
    double ahead_ns = due_ns - (double)(now - *since_ns);
    if (ahead_ns > 0) {
        sleep_ns((uint64_t)ahead_ns);
    } else if (-ahead_ns > (double)MAX_DEBT_NS) {
        *since_ns = now;
        *cpu_since_ns = cpu_ns();
    }
}

NAMED_FRAME void work_loop(struct worker *worker) {
    uint64_t value = worker->random;
    uint64_t since_ns = clock_ns(CLOCK_MONOTONIC), cpu_since_ns = cpu_ns();
    while (!stopping && (worker->stop_at_ns == 0 || clock_ns(CLOCK_MONOTONIC) < worker->stop_at_ns)) {
        int leaf = furthest_behind(worker);
        uint64_t start = cpu_ns(), end = start + next_slice_ns(worker);
        if (leaf == ALPHA)
            value = alpha(value, end);
        else if (leaf == GAMMA)
            value = gamma(value, end);
        else
            value = beta(value, end, leaf);
        worker->used_ns[leaf] += cpu_ns() - start;
        if (worker->load < 1)
            keep_to_load(worker->load, &since_ns, &cpu_since_ns);
    }
    worker->random = value; // keeps the arithmetic from being optimised away
}

NAMED_FRAME void *truth_thread(void *worker) {
    work_loop(worker);
    return NULL;
}

static void report(const struct worker *workers, int threads, const char *name, uint64_t elapsed_ns) {
    uint64_t used[LEAVES] = {0}, total = 0;
    for (int t = 0; t < threads; t++)
        for (int leaf = 0; leaf < LEAVES; leaf++) {
            used[leaf] += workers[t].used_ns[leaf];
            total += workers[t].used_ns[leaf];
        }
    double all = total ? (double)total : 1;
    printf("{\"program\":\"truth\",\"name\":\"%s\",\"threads\":%d,\"elapsedNs\":%llu,\"cpuNs\":%llu,\"shares\":{"
           "\"alpha\":%.4f,\"beta\":%.4f,\"beta_left\":%.4f,\"beta_right\":%.4f,\"gamma\":%.4f}}\n",
           name, threads, (unsigned long long)elapsed_ns, (unsigned long long)total, (double)used[ALPHA] / all,
           (double)(used[BETA_LEFT] + used[BETA_RIGHT]) / all, (double)used[BETA_LEFT] / all,
           (double)used[BETA_RIGHT] / all, (double)used[GAMMA] / all);
}

int main(int argc, char **argv) {
    const char *own_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    const char *name = option(argc, argv, "--name", own_name);
    uint64_t load = option_number(argc, argv, "--load", 100);
    uint64_t threads = option_number(argc, argv, "--threads", 1);
    uint64_t seconds = option_number(argc, argv, "--seconds", 0);
    if (load < 1 || load > 100 || threads < 1 || threads > MAX_THREADS) {
        fprintf(stderr, "--load is 1 to 100, --threads is 1 to %d\n", MAX_THREADS);
        return 2;
    }
    stop_on_term();
    prctl(PR_SET_NAME, name);

    static struct worker workers[MAX_THREADS];
    uint64_t started = clock_ns(CLOCK_MONOTONIC);
    for (uint64_t t = 0; t < threads; t++) {
        workers[t].random = 0x9e3779b97f4a7c15ULL * (t + 1);
        workers[t].load = (double)load / 100;
        workers[t].stop_at_ns = seconds ? started + seconds * NS_PER_SECOND : 0;
        if (t > 0 && pthread_create(&workers[t].thread, NULL, truth_thread, &workers[t]) != 0) {
            perror("cannot start a thread");
            return 1;
        }
    }
    work_loop(&workers[0]);
    for (uint64_t t = 1; t < threads; t++)
        pthread_join(workers[t].thread, NULL);
    report(workers, (int)threads, name, clock_ns(CLOCK_MONOTONIC) - started);
    return 0;
}
