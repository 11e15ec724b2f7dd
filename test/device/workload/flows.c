// Network traffic that knows its own figures. One program, several roles; a server serves until SIGTERM.
//
//   flows serve --address A --port P [--bytes N]  TCP: reads N bytes of each connection, sends N back, and waits for the
//                                                 other end to close; UDP: counts datagrams and their bytes
//   flows stream … [--bytes N]                    one connection: sends N, reads N, tells its figures, closes
//   flows connect … [--count N]                   connections one after the other: a byte there, a byte back
//   flows hold … [--count N]                      connections at once, kept until SIGTERM
//   flows datagrams … [--count N]                 of 1 to 1400 bytes
//   flows pingpong … [--count N] [--every-ms N]   single bytes, with time for each to be acknowledged

#include "workload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define LONGEST_DATAGRAM 1400
#define BURST 32
#define MAX_PEERS 16384
#define STILL_MS 2500 // more than two windows
#define SO_RCVBUF_ANY 33 // SO_RCVBUFFORCE

struct peer {
    int fd;
    uint64_t got, sent;
};

static char chunk[CHUNK];

static void fail(const char *doing) {
    perror(doing);
    exit(1);
}

static socklen_t read_address(const char *text, uint64_t port, struct sockaddr_storage *at) {
    struct sockaddr_in *four = (struct sockaddr_in *)at;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)at;
    memset(at, 0, sizeof *at);
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        return sizeof *four;
    }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1)
        fail("that is no address");
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    return sizeof *six;
}

static int make(const struct sockaddr_storage *at, int type) {
    int fd = socket(at->ss_family, type, 0);
    if (fd < 0)
        fail("cannot make a socket");
    return fd;
}

static int dial(const struct sockaddr_storage *at, socklen_t size) {
    int fd = make(at, SOCK_STREAM);
    if (connect(fd, (const struct sockaddr *)at, size) == 0)
        return fd;
    printf("{\"errno\":%d}\n", errno);
    exit(0);
}

static void send_all(int fd, uint64_t bytes) {
    while (bytes > 0) {
        ssize_t put = send(fd, chunk, bytes < CHUNK ? bytes : CHUNK, MSG_NOSIGNAL);
        if (put < 0)
            fail("cannot send");
        bytes -= (uint64_t)put;
    }
}

static void read_all(int fd, uint64_t bytes) {
    while (bytes > 0) {
        ssize_t got = recv(fd, chunk, bytes < CHUNK ? bytes : CHUNK, 0);
        if (got <= 0)
            fail("cannot receive");
        bytes -= (uint64_t)got;
    }
}

// 0: it is over.
static int serve_peer(struct peer *peer, uint64_t bytes) {
    ssize_t got = recv(peer->fd, chunk, CHUNK, 0);
    if (got <= 0)
        return 0;
    peer->got += (uint64_t)got;
    if (peer->got >= bytes && peer->sent == 0) {
        peer->sent = bytes;
        send_all(peer->fd, bytes);
    }
    return 1;
}

static void serve(const struct sockaddr_storage *at, socklen_t size, uint64_t bytes) {
    static struct pollfd fds[MAX_PEERS + 2];
    static struct peer peers[MAX_PEERS + 2];
    int on = 1, room = 64 << 20, count = 2;
    unsigned long long datagrams = 0, datagram_bytes = 0, connections = 0;
    fds[0] = (struct pollfd){.fd = make(at, SOCK_STREAM), .events = POLLIN};
    fds[1] = (struct pollfd){.fd = make(at, SOCK_DGRAM), .events = POLLIN};
    setsockopt(fds[0].fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fds[1].fd, SOL_SOCKET, SO_RCVBUF_ANY, &room, sizeof room);
    if (bind(fds[0].fd, (const struct sockaddr *)at, size) < 0 || bind(fds[1].fd, (const struct sockaddr *)at, size) < 0 ||
        listen(fds[0].fd, 4096) < 0)
        fail("cannot listen");
    printf("ready\n");
    fflush(stdout);
    while (!stopping) {
        if (poll(fds, (nfds_t)count, -1) < 0)
            continue;
        for (int i = count - 1; i >= 2; i--) {
            if (!fds[i].revents || serve_peer(&peers[i], bytes))
                continue;
            close(fds[i].fd);
            fds[i] = fds[--count];
            peers[i] = peers[count];
        }
        for (ssize_t got; fds[1].revents && (got = recv(fds[1].fd, chunk, CHUNK, MSG_DONTWAIT)) >= 0;) {
            datagrams++;
            datagram_bytes += (uint64_t)got;
        }
        if (fds[0].revents && count < MAX_PEERS) {
            int fd = accept(fds[0].fd, NULL, NULL);
            if (fd >= 0) {
                peers[count] = (struct peer){.fd = fd};
                fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
                connections++;
            }
        }
    }
    printf("{\"connections\":%llu,\"datagrams\":%llu,\"datagramBytes\":%llu}\n", connections, datagrams, datagram_bytes);
}

static void print_info(int fd) {
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        fail("cannot ask for figures");
    printf("{\"retransmits\":%u,\"rttUs\":%u,\"minRttUs\":%u,\"segmentsOut\":%u,\"segmentsIn\":%u}\n",
           info.tcpi_total_retrans, info.tcpi_rtt, info.tcpi_min_rtt, info.tcpi_segs_out, info.tcpi_segs_in);
}

static void stream(const struct sockaddr_storage *at, socklen_t size, uint64_t bytes) {
    int fd = dial(at, size);
    send_all(fd, bytes);
    read_all(fd, bytes);
    print_info(fd);
    close(fd);
}

static void pingpong(const struct sockaddr_storage *at, socklen_t size, uint64_t count, uint64_t every_ms) {
    int fd = dial(at, size), on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (uint64_t i = 0; i < count && !stopping; i++) {
        send_all(fd, 1);
        sleep_ns(every_ms * NS_PER_MS);
    }
    print_info(fd);
    // The end of the connection is measured too: whoever watches has seen these figures before.
    sleep_ns(STILL_MS * NS_PER_MS);
    close(fd);
}

static void hold(const struct sockaddr_storage *at, socklen_t size, uint64_t count) {
    for (uint64_t i = 0; i < count && !stopping; i++) {
        int fd = dial(at, size);
        send_all(fd, 1);
        read_all(fd, 1); // what is not read when a connection closes makes it a reset
    }
    while (!stopping)
        pause();
}

static void send_datagrams(const struct sockaddr_storage *at, socklen_t size, uint64_t count) {
    int fd = make(at, SOCK_DGRAM);
    unsigned long long bytes = 0;
    for (uint64_t i = 0; i < count; i++) {
        size_t length = i % LONGEST_DATAGRAM + 1;
        if (sendto(fd, chunk, length, 0, (const struct sockaddr *)at, size) != (ssize_t)length)
            fail("cannot send a datagram");
        bytes += length;
        if (i % BURST == 0)
            sleep_ns(NS_PER_MS);
    }
    printf("{\"datagrams\":%llu,\"datagramBytes\":%llu}\n", (unsigned long long)count, bytes);
}

int main(int argc, char **argv) {
    struct rlimit files = {1 << 20, 1 << 20};
    struct sockaddr_storage at;
    const char *role = argc > 1 ? argv[1] : "";
    const char *address = option(argc, argv, "--address", "127.0.0.1");
    socklen_t size = read_address(address, option_number(argc, argv, "--port", 7000), &at);
    uint64_t bytes = option_number(argc, argv, "--bytes", 1), count = option_number(argc, argv, "--count", 1);
    setrlimit(RLIMIT_NOFILE, &files);
    stop_on_term();
    if (!strcmp(role, "serve"))
        serve(&at, size, bytes);
    else if (!strcmp(role, "stream"))
        stream(&at, size, bytes);
    else if (!strcmp(role, "connect"))
        for (uint64_t i = 0; i < count && !stopping; i++)
            stream(&at, size, 1);
    else if (!strcmp(role, "hold"))
        hold(&at, size, count);
    else if (!strcmp(role, "datagrams"))
        send_datagrams(&at, size, count);
    else if (!strcmp(role, "pingpong"))
        pingpong(&at, size, count, option_number(argc, argv, "--every-ms", 100));
    else
        return fprintf(stderr, "flows: no role %s\n", role), 2;
    return 0;
}
