/* An origin that speaks HTTP/2 in clear.
 *
 *     h2_origin PORT
 *
 * A POST is taken for gRPC: its messages are sent back as they arrive, in both directions at once, and `grpc-status: 0` ends the
 * answer when the request has ended. Everything else is answered with 130 bytes. */
#define _GNU_SOURCE
#include "h2_session.h"

static const char ANSWER[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                             "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/* A request and what of its echo is not sent yet. */
struct stream {
    bool call, answered, ended, deferred;
    struct buffer echo;
};

static nghttp2_session_callbacks *callbacks;

static ssize_t read_echo(nghttp2_session *session, int32_t id, uint8_t *out, size_t room, uint32_t *flags,
                         nghttp2_data_source *source, void *user) {
    (void)user;
    struct stream *stream = source->ptr;
    size_t count = stream->echo.end - stream->echo.begin;
    if (count > room) count = room;
    if (count == 0 && !stream->ended) {
        stream->deferred = true;
        return NGHTTP2_ERR_DEFERRED;
    }
    memcpy(out, stream->echo.data + stream->echo.begin, count);
    stream->echo.begin += count;
    if (stream->ended && stream->echo.begin == stream->echo.end) {
        nghttp2_nv trailer = field("grpc-status", "0");
        *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
        if (nghttp2_submit_trailer(session, id, &trailer, 1)) return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    return (ssize_t)count;
}

static ssize_t read_answer(nghttp2_session *session, int32_t id, uint8_t *out, size_t room, uint32_t *flags,
                           nghttp2_data_source *source, void *user) {
    (void)session, (void)id, (void)source, (void)user;
    if (room < sizeof ANSWER - 1) return NGHTTP2_ERR_CALLBACK_FAILURE;
    memcpy(out, ANSWER, sizeof ANSWER - 1);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    return sizeof ANSWER - 1;
}

/* Starts the answer; in a call that is when the first message is here, so that both leave in one write. */
static int answer(nghttp2_session *session, int32_t id, struct stream *stream) {
    nghttp2_nv call[] = {field(":status", "200"), field("content-type", "application/grpc")};
    nghttp2_nv plain[] = {field(":status", "200"), field("content-type", "text/plain"), field("content-length", "130")};
    nghttp2_data_provider provider = {.source.ptr = stream, .read_callback = stream->call ? read_echo : read_answer};
    stream->answered = true;
    return nghttp2_submit_response(session, id, stream->call ? call : plain, stream->call ? 2 : 3, &provider);
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
    (void)user;
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, allocate(sizeof(struct stream)));
    return 0;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length,
                     const uint8_t *value, size_t value_length, uint8_t flags, void *user) {
    (void)flags, (void)user;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (stream && name_length == 7 && !memcmp(name, ":method", 7))
        stream->call = value_length == 4 && !memcmp(value, "POST", 4);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes, size_t count, void *user) {
    (void)flags, (void)user;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (!stream || !stream->call) return 0;
    buffer_add(&stream->echo, bytes, count);
    if (!stream->answered) return answer(session, id, stream);
    if (stream->deferred) {
        stream->deferred = false;
        return nghttp2_session_resume_data(session, id);
    }
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
    (void)user;
    int32_t id = frame->hd.stream_id;
    if ((frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS) ||
        !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
        return 0;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (!stream) return 0;
    stream->ended = true;
    if (!stream->answered) return answer(session, id, stream);
    if (!stream->deferred) return 0;
    stream->deferred = false;
    return nghttp2_session_resume_data(session, id);
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user) {
    (void)code, (void)user;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (stream) {
        free(stream->echo.data);
        free(stream);
    }
    return 0;
}

static void accepted(int poller, int descriptor) {
    struct connection *connection = allocate(sizeof *connection);
    connection->descriptor = descriptor;
    if (nghttp2_session_server_new(&connection->session, callbacks, connection)) die("out of memory");
    begin_session(connection->session);
    watch(poller, EPOLL_CTL_ADD, descriptor, EPOLLIN, connection);
    flush_session(connection, poller);
}

static void ready(int poller, void *owner) {
    if (pump_session(owner, poller)) return;
    close_session(owner);
    free(owner);
}

int main(int count, char **arguments) {
    if (count != 2) die("usage: h2_origin PORT");
    if (nghttp2_session_callbacks_new(&callbacks)) die("out of memory");
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    serve_port(number(arguments[1], 65535), accepted, ready);
}
