// Makes the cheapest of system calls over and over: what observers add to each of them.
//
//   call_loop [--rounds 200] [--calls 5000]     prints nanoseconds per call: of the middle round, and of all together

#include "workload.h"

#include <sys/syscall.h>
#include <unistd.h>

#define MAX_ROUNDS 10000

static int by_size(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv) {
    static uint64_t rounds_ns[MAX_ROUNDS];
    uint64_t rounds = option_number(argc, argv, "--rounds", 200);
    uint64_t calls = option_number(argc, argv, "--calls", 5000);
    uint64_t total_ns = 0;
    if (rounds < 1 || rounds > MAX_ROUNDS || calls < 1) {
        fprintf(stderr, "--rounds is 1 to %d\n", MAX_ROUNDS);
        return 2;
    }
    for (uint64_t round = 0; round < rounds; round++) {
        uint64_t start = clock_ns(CLOCK_MONOTONIC);
        for (uint64_t i = 0; i < calls; i++)
            syscall(SYS_getppid);
        rounds_ns[round] = clock_ns(CLOCK_MONOTONIC) - start;
        total_ns += rounds_ns[round];
    }
    qsort(rounds_ns, rounds, sizeof *rounds_ns, by_size);
    printf("{\"program\":\"call_loop\",\"medianNs\":%.1f,\"meanNs\":%.1f}\n",
           (double)rounds_ns[rounds / 2] / (double)calls, (double)total_ns / (double)(rounds * calls));
    return 0;
}
