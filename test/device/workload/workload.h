// What the workload programs share: CPU clocks, options, and an end on SIGTERM that still reports.
#pragma once

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A function that must be seen as a frame of its own, whatever the optimiser thinks of it.
#define NAMED_FRAME __attribute__((noipa))

#define NS_PER_SECOND 1000000000ULL
#define NS_PER_MS 1000000ULL

static volatile sig_atomic_t stopping;

static inline void on_term(int signal) {
    (void)signal;
    stopping = 1;
}

static inline void stop_on_term(void) {
    struct sigaction action = {.sa_handler = on_term}; // no SA_RESTART: sleeps and reads must end
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

static inline uint64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static inline void sleep_ns(uint64_t ns) {
    struct timespec pause = {.tv_sec = (time_t)(ns / NS_PER_SECOND), .tv_nsec = (long)(ns % NS_PER_SECOND)};
    nanosleep(&pause, NULL);
}

// Value of `--name VALUE`, or fallback.
static inline const char *option(int argc, char **argv, const char *name, const char *fallback) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return fallback;
}

// Not strtol: newer build hosts bind it to a symbol version that the box's libc does not have.
static inline uint64_t option_number(int argc, char **argv, const char *name, uint64_t fallback) {
    const char *text = option(argc, argv, name, NULL);
    if (!text)
        return fallback;
    uint64_t number = 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') {
            fprintf(stderr, "%s wants a whole number\n", name);
            exit(2);
        }
        number = number * 10 + (uint64_t)(*text - '0');
    }
    return number;
}
