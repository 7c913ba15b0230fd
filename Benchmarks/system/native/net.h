/* What the load generators and origins of this folder share: sockets of the loopback interface, a clock, a buffer of bytes to
 * send. Everything runs on one thread; a failure of the benchmark's own parts ends the program with a message. */
#ifndef MARTINET_BENCH_NET_H
#define MARTINET_BENCH_NET_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Ends the program: a run with one error is no run. */
__attribute__((noreturn, format(printf, 1, 2))) static inline void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* Seconds of a clock that only goes forward. */
static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A positive number of the command line, at most `limit`. */
static inline long number(const char *text, long limit) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value <= 0 || value > limit) die("%s is not a number from 1 to %ld", text, limit);
    return value;
}

static inline void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (!memory) die("out of memory");
    return memory;
}

static inline struct sockaddr_in loopback(uint32_t address, long port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    result.sin_addr.s_addr = htonl(address);
    return result;
}

static inline int prepared(int descriptor) {
    int one = 1;
    if (descriptor < 0) die("socket: %s", strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
}

/* A listening socket on 127.0.0.1:`port`. */
static inline int listen_on(long port) {
    int one = 1, descriptor = prepared(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    struct sockaddr_in address = loopback(INADDR_LOOPBACK, port);
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) || listen(descriptor, 4096))
        die("port %ld: %s", port, strerror(errno));
    return descriptor;
}

/* A connection to 127.0.0.1:`port` that does not block once it is made. `turn` chooses one of 250 source addresses, so that tens
 * of thousands of connections do not run out of ports while old ones linger in TIME_WAIT. */
static inline int connect_to(long port, unsigned turn) {
    int one = 1, descriptor = prepared(socket(AF_INET, SOCK_STREAM, 0));
    struct sockaddr_in source = loopback(0x7f000101u + turn % 250, 0), address = loopback(INADDR_LOOPBACK, port);
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(descriptor, (struct sockaddr *)&source, sizeof source) ||
        connect(descriptor, (struct sockaddr *)&address, sizeof address))
        die("connecting to port %ld: %s", port, strerror(errno));
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

/* Adds a descriptor to `poller`, or changes what is waited for. */
static inline void watch(int poller, int operation, int descriptor, uint32_t events, void *owner) {
    struct epoll_event event = {.events = events, .data.ptr = owner};
    if (epoll_ctl(poller, operation, descriptor, &event)) die("epoll_ctl: %s", strerror(errno));
}

/* The loop of an origin on 127.0.0.1:`port`: hands each new connection, which does not block, to `accepted`, and the owner of each
 * descriptor that is ready to `ready`. */
__attribute__((noreturn)) static inline void serve_port(long port, void (*accepted)(int poller, int descriptor),
                                                        void (*ready)(int poller, void *owner)) {
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_on(port), poller = epoll_create1(0);
    watch(poller, EPOLL_CTL_ADD, listener, EPOLLIN, NULL);
    for (;;) {
        struct epoll_event events[64];
        int count = epoll_wait(poller, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr) {
                ready(poller, events[i].data.ptr);
                continue;
            }
            int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (descriptor >= 0) accepted(poller, prepared(descriptor));
        }
    }
}

/* Bytes that wait to be sent: those from `begin` to `end`. */
struct buffer {
    uint8_t *data;
    size_t begin, end, capacity;
};

/* Room for `count` more bytes; the caller fills it and adds to `end`. */
static inline uint8_t *buffer_room(struct buffer *buffer, size_t count) {
    if (buffer->begin == buffer->end) buffer->begin = buffer->end = 0;
    if (buffer->end + count > buffer->capacity) {
        buffer->capacity = (buffer->end + count) * 2;
        buffer->data = realloc(buffer->data, buffer->capacity);
        if (!buffer->data) die("out of memory");
    }
    return buffer->data + buffer->end;
}

static inline void buffer_add(struct buffer *buffer, const void *bytes, size_t count) {
    memcpy(buffer_room(buffer, count), bytes, count);
    buffer->end += count;
}

/* Sends what the socket takes; false when the peer is gone. */
static inline bool buffer_send(struct buffer *buffer, int descriptor) {
    while (buffer->begin < buffer->end) {
        ssize_t sent = send(descriptor, buffer->data + buffer->begin, buffer->end - buffer->begin, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        buffer->begin += (size_t)sent;
    }
    return true;
}

#endif
