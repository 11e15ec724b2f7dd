// Starts short processes: each burns a little CPU in shortlived_burn and is gone. What a profiler sees only
// if it catches a process's name and mappings before the process ends.
//
//   shortlived [--every-ms 500] [--burn-ms 30]     on SIGTERM prints how many it started

#include "workload.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

NAMED_FRAME uint64_t shortlived_burn(uint64_t ns) {
    uint64_t value = ns, end = clock_ns(CLOCK_THREAD_CPUTIME_ID) + ns;
    do {
        for (int i = 0; i < 10000; i++)
            value = value * 6364136223846793005ULL + (uint64_t)i;
    } while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end);
    return value;
}

static int job(uint64_t burn_ms) {
    prctl(PR_SET_NAME, "shortlived-job");
    return shortlived_burn(burn_ms * NS_PER_MS) == 0; // uses the result; practically always 0
}

int main(int argc, char **argv) {
    uint64_t burn_ms = option_number(argc, argv, "--burn-ms", 30);
    if (argc > 1 && strcmp(argv[1], "--job") == 0)
        return job(burn_ms);

    uint64_t every_ms = option_number(argc, argv, "--every-ms", 500);
    unsigned long started = 0;
    stop_on_term();
    while (!stopping) {
        pid_t child = fork();
        if (child == 0) {
            char number[24];
            snprintf(number, sizeof number, "%llu", (unsigned long long)burn_ms);
            execl("/proc/self/exe", "shortlived", "--job", "--burn-ms", number, (char *)NULL);
            _exit(127);
        }
        if (child > 0) {
            started++;
            while (waitpid(child, NULL, 0) < 0 && !stopping)
                ;
        }
        sleep_ns(every_ms * NS_PER_MS);
    }
    printf("{\"program\":\"shortlived\",\"started\":%lu,\"burnMs\":%llu}\n", started, (unsigned long long)burn_ms);
    return 0;
}
