/* gRPC calls over HTTP/2 in clear, to an origin that echoes every message.
 *
 *     grpc_load PORT SECONDS unary|stream CONNECTIONS CALLS BYTES
 *
 * CALLS at once on each connection. `unary`: one message each way, then the next call. `stream`: calls in both directions that
 * live for a thousand messages, each sent when the echo of the one before is complete. Prints `done=N seconds=S`, N being
 * messages that came back. Status other than 200, another content, or a call that does not end with `grpc-status: 0` ends the
 * program with status 1. */
#define _GNU_SOURCE
#include "h2_session.h"

enum { MESSAGES = 1000 };

/* A call: what of the current message is sent and received, and what the origin has said. */
struct call {
    size_t sent, received;
    int messages; /* whose echo is here */
    bool deferred, last, ok, finished;
};

static uint8_t *message; /* five bytes of prefix, then the text */
static size_t message_length;
static bool streaming;
static double deadline;
static uint64_t done;
static int poller, open_calls;
static char authority[32];

static ssize_t read_message(nghttp2_session *session, int32_t id, uint8_t *out, size_t room, uint32_t *flags,
                            nghttp2_data_source *source, void *user) {
    (void)session, (void)id, (void)user;
    struct call *call = source->ptr;
    size_t count = message_length - call->sent;
    if (count == 0 && call->last) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        return 0;
    }
    if (count == 0) {
        call->deferred = true;
        return NGHTTP2_ERR_DEFERRED;
    }
    if (count > room) count = room;
    memcpy(out, message + call->sent, count);
    call->sent += count;
    if (!streaming && call->sent == message_length) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)count;
}

static void begin_call(nghttp2_session *session) {
    struct call *call = allocate(sizeof *call);
    nghttp2_nv fields[] = {field(":method", "POST"), field(":scheme", "http"), field(":path", "/bench.Echo/Call"),
                           field(":authority", authority), field("te", "trailers"),
                           field("content-type", "application/grpc"), field("user-agent", "grpc-bench/1.0"),
                           field("grpc-timeout", "60S")};
    nghttp2_data_provider provider = {.source.ptr = call, .read_callback = read_message};
    if (nghttp2_submit_request(session, NULL, fields, sizeof fields / sizeof *fields, &provider, call) < 0)
        die("a call could not be started");
    open_calls++;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
                     const uint8_t *value, size_t value_length, uint8_t flags, void *user) {
    (void)flags, (void)user;
    struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (!call) return 0;
    if (name_length == 7 && !memcmp(name, ":status", 7)) {
        if (value_length != 3 || memcmp(value, "200", 3)) die("answered with status %.*s", (int)value_length, value);
        call->ok = true;
    } else if (name_length == 11 && !memcmp(name, "grpc-status", 11)) {
        if (value_length != 1 || *value != '0') die("ended with grpc-status %.*s", (int)value_length, value);
        call->finished = true;
    }
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes, size_t count, void *user) {
    (void)flags, (void)user;
    struct call *call = nghttp2_session_get_stream_user_data(session, id);
    if (!call) return 0;
    if (count > message_length - call->received || memcmp(bytes, message + call->received, count))
        die("a message came back changed");
    call->received += count;
    if (call->received < message_length) return 0;
    done++;
    call->messages++;
    if (!streaming) return 0;
    call->last = call->messages == MESSAGES || now() >= deadline;
    call->received = 0;
    // Once nothing more is to be sent, `sent` stays full and the request ends.
    if (!call->last) call->sent = 0;
    if (!call->deferred) return 0;
    call->deferred = false;
    return nghttp2_session_resume_data(session, id);
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user) {
    (void)user;
    struct call *call = nghttp2_session_get_stream_user_data(session, id);
    if (!call) return 0;
    bool whole = streaming ? call->last && call->received == 0 : call->received == message_length;
    if (code || !call->ok || !call->finished || !whole)
        die("a call ended early: code %u, status %d, grpc-status %d, %zu of %zu bytes", code, call->ok, call->finished,
            call->received, message_length);
    free(call);
    open_calls--;
    if (now() < deadline) begin_call(session);
    return 0;
}

int main(int count, char **arguments) {
    if (count != 7) die("usage: grpc_load PORT SECONDS unary|stream CONNECTIONS CALLS BYTES");
    long port = number(arguments[1], 65535), connections = number(arguments[4], 1024), calls = number(arguments[5], 250);
    double seconds = (double)number(arguments[2], 3600), began = now();
    streaming = !strcmp(arguments[3], "stream");
    size_t length = (size_t)number(arguments[6], 1 << 24);
    message_length = length + 5;
    message = allocate(message_length);
    for (int i = 0; i < 4; i++) message[1 + i] = (uint8_t)(length >> (24 - 8 * i));
    for (size_t i = 0; i < length; i++) message[5 + i] = (uint8_t)(i * 31 + (i >> 8));
    snprintf(authority, sizeof authority, "bench.test:%ld", port);
    signal(SIGPIPE, SIG_IGN);
    deadline = began + seconds;
    poller = epoll_create1(0);
    nghttp2_session_callbacks *callbacks;
    if (nghttp2_session_callbacks_new(&callbacks)) die("out of memory");
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    struct connection *all = allocate((size_t)connections * sizeof *all);
    for (long i = 0; i < connections; i++) {
        all[i].descriptor = connect_to(port, (unsigned)i);
        if (nghttp2_session_client_new(&all[i].session, callbacks, &all[i])) die("out of memory");
        begin_session(all[i].session);
        for (long j = 0; j < calls; j++) begin_call(all[i].session);
        watch(poller, EPOLL_CTL_ADD, all[i].descriptor, EPOLLIN, &all[i]);
        if (!flush_session(&all[i], poller)) die("the connection was refused");
    }
    while (open_calls > 0) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 10000);
        if (ready <= 0) die("no answer for ten seconds");
        for (int i = 0; i < ready; i++)
            if (!pump_session(events[i].data.ptr, poller)) die("a connection ended before its calls");
    }
    printf("done=%llu seconds=%.6f\n", (unsigned long long)done, now() - began);
    return 0;
}
