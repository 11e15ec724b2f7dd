// Network traffic without a network: a client and a server on 127.0.0.1. The client sends a fixed message
// over TCP, gets a short answer, and now and then opens a new connection; a datagram goes along by UDP.
//
//   loopback [--port 7777] [--every-ms 100]     on SIGTERM prints what the client sent

#include "workload.h"

#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGE (16 * 1024)
#define ANSWER 16
#define DATAGRAM 256
#define MESSAGES_PER_CONNECTION 50

static struct sockaddr_in address(uint64_t port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

// Reads until a whole message is there; 0 when the other side has gone.
static int read_whole(int fd, char *buffer, size_t size) {
    for (size_t got = 0; got < size;) {
        ssize_t n = read(fd, buffer + got, size - got);
        if (n <= 0)
            return 0;
        got += (size_t)n;
    }
    return 1;
}

static void serve(int listener) {
    static char message[MESSAGE];
    prctl(PR_SET_NAME, "loopback-server");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    while (!stopping) {
        int peer = accept(listener, NULL, NULL);
        if (peer < 0)
            continue;
        while (!stopping && read_whole(peer, message, sizeof message))
            if (write(peer, message, ANSWER) != ANSWER)
                break;
        close(peer);
    }
    _exit(0);
}

static int dial(const struct sockaddr_in *at) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (const struct sockaddr *)at, sizeof *at) == 0)
        return fd;
    close(fd);
    return -1;
}

int main(int argc, char **argv) {
    uint64_t every_ms = option_number(argc, argv, "--every-ms", 100);
    struct sockaddr_in at = address(option_number(argc, argv, "--port", 7777));
    int listener = socket(AF_INET, SOCK_STREAM, 0), reuse = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 8) < 0) {
        perror("cannot listen on 127.0.0.1");
        return 1;
    }
    // Receives the datagrams, so that they are not answered with errors; nobody reads them.
    int sink = socket(AF_INET, SOCK_DGRAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0);
    bind(sink, (struct sockaddr *)&at, sizeof at);
    stop_on_term();
    signal(SIGPIPE, SIG_IGN);
    pid_t server = fork();
    if (server == 0)
        serve(listener);
    prctl(PR_SET_NAME, "loopback-client");

    static char message[MESSAGE];
    char answer[ANSWER];
    unsigned long long connections = 0, messages = 0, datagrams = 0;
    int fd = -1;
    while (!stopping) {
        if (fd < 0 && (fd = dial(&at)) >= 0)
            connections++;
        if (fd >= 0 && write(fd, message, sizeof message) == MESSAGE && read_whole(fd, answer, sizeof answer))
            messages++;
        if (messages % MESSAGES_PER_CONNECTION == 0 && fd >= 0) {
            close(fd);
            fd = -1;
        }
        if (sendto(udp, message, DATAGRAM, 0, (struct sockaddr *)&at, sizeof at) == DATAGRAM)
            datagrams++;
        sleep_ns(every_ms * NS_PER_MS);
    }
    kill(server, SIGTERM);
    if (fd >= 0)
        close(fd);
    waitpid(server, NULL, 0);
    printf("{\"program\":\"loopback\",\"connections\":%llu,\"tcpBytesSent\":%llu,\"udpBytesSent\":%llu}\n", connections,
           messages * MESSAGE, datagrams * DATAGRAM);
    return 0;
}
