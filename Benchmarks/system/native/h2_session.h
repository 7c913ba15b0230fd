/* An HTTP/2 connection in clear on a socket that does not block, frames and header coding by libnghttp2. */
#ifndef MARTINET_BENCH_H2_SESSION_H
#define MARTINET_BENCH_H2_SESSION_H

#include "net.h"

#include <nghttp2/nghttp2.h>

/* A connection and what the kernel has not taken of it yet. */
struct connection {
    int descriptor;
    bool writing;
    nghttp2_session *session;
    struct buffer output;
};

/* A field for nghttp2; it copies both texts. */
static inline nghttp2_nv field(const char *name, const char *value) {
    nghttp2_nv result = {(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
    return result;
}

/* SETTINGS of both sides: windows that never stand in the way, as gRPC implementations have them. */
static inline void begin_session(nghttp2_session *session) {
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1000},
                                         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20}};
    if (nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, 2) ||
        nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0, 1 << 24))
        die("SETTINGS were not accepted");
}

/* Gives the socket everything that the session wants to say; false when the peer is gone. */
static inline bool flush_session(struct connection *connection, int poller) {
    for (;;) {
        const uint8_t *bytes;
        ssize_t count = nghttp2_session_mem_send(connection->session, &bytes);
        if (count < 0) die("sending: %s", nghttp2_strerror((int)count));
        if (count == 0) break;
        buffer_add(&connection->output, bytes, (size_t)count);
    }
    if (!buffer_send(&connection->output, connection->descriptor)) return false;
    bool writing = connection->output.begin < connection->output.end;
    if (writing != connection->writing)
        watch(poller, EPOLL_CTL_MOD, connection->descriptor, writing ? EPOLLIN | EPOLLOUT : EPOLLIN, connection);
    connection->writing = writing;
    return true;
}

/* Reads once and answers; false when the peer is gone or broke the protocol. */
static inline bool pump_session(struct connection *connection, int poller) {
    static uint8_t bytes[1 << 17];
    ssize_t count = recv(connection->descriptor, bytes, sizeof bytes, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (count > 0 && nghttp2_session_mem_recv(connection->session, bytes, (size_t)count) < 0) return false;
    return flush_session(connection, poller);
}

static inline void close_session(struct connection *connection) {
    nghttp2_session_del(connection->session);
    close(connection->descriptor);
    free(connection->output.data);
}

#endif
