// The calls that are hard to count: those that return twice, not at all, in another program, or with a number that the
// kernel does not have. What it does is fixed: see the JSON at its end.

#include "workload.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 100
#define CALLS_OF_CHILD 10
#define X32_BIT 0x40000000
#define NO_SUCH_NUMBER 100000
// Beyond the 24 bits that a number has on its way to a person; cut off, it would be getppid's.
#define LARGE_NUMBER (0x7000000 + SYS_getppid)

static void take_signal(int signal) { (void)signal; }

// One fork that returns twice; the child's calls are of a process that lives for less than a millisecond.
static int fork_once(void) {
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        prctl(PR_SET_NAME, "odd-child");
        for (int i = 0; i < CALLS_OF_CHILD; i++)
            syscall(SYS_getppid);
        _exit(0);
    }
    return child < 0 || waitpid(child, NULL, 0) != child;
}

// Not the first thread: the kernel gives it the first one's id, and ends that one.
static void *replace_program(void *context) {
    (void)context;
    execl("/proc/self/exe", "odd_calls", "--after-exec", "yes", (char *)NULL);
    return NULL;
}

static int after_exec(void) {
    for (int i = 0; i < ROUNDS; i++)
        syscall(SYS_sched_yield); // nobody else in this process calls it
    printf("{\"program\":\"odd_calls\",\"pid\":%d,\"clone\":%d,\"childGetppid\":%d,\"rt_sigreturn\":%d,\"x32\":%d,"
           "\"noSuchNumber\":%d,\"notANumber\":%d,\"yieldsAfterExec\":%d}\n",
           getpid(), ROUNDS, ROUNDS * CALLS_OF_CHILD, ROUNDS, ROUNDS, ROUNDS, 2 * ROUNDS, ROUNDS);
    return 0;
}

int main(int argc, char **argv) {
    if (strcmp(option(argc, argv, "--after-exec", "no"), "yes") == 0)
        return after_exec();
    struct sigaction action = {.sa_handler = take_signal};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        if (fork_once())
            return 1;
        raise(SIGUSR1);
        syscall(X32_BIT | SYS_getppid);
        syscall(NO_SUCH_NUMBER);
        syscall(LARGE_NUMBER);
        syscall(-1);
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, replace_program, NULL) == 0)
        pthread_join(thread, NULL);
    return 1; // the thread could not replace the program
}
