/* An origin for WebSockets: sends every frame back as it came, unmasked.
 *
 *     ws_echo PORT
 *
 * A request without `Upgrade` is answered 200. Frames are echoed as their bytes arrive; nothing is kept but what the socket
 * did not take. */
#define _GNU_SOURCE /* strcasestr */
#include "net.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

enum { HEAD = 8192, READ = 1 << 17 };

/* A connection: its request head, then its place within the current frame. */
struct peer {
    int descriptor;
    bool upgraded, writing;
    size_t head_length;      /* bytes of `head` */
    uint64_t payload;        /* bytes of the frame still to come */
    uint32_t mask;           /* of the current frame, turned to the next byte */
    uint8_t frame[14];       /* a frame's header that is not complete */
    size_t frame_length;
    struct buffer output;
    char head[HEAD + 1];
};

static void drop(struct peer *peer) {
    close(peer->descriptor);
    free(peer->output.data);
    free(peer);
}

/* The value of a header line, or NULL. */
static const char *header(const char *head, const char *name) {
    const char *line = strcasestr(head, name);
    return line ? line + strlen(name) : NULL;
}

static void answer_head(struct peer *peer) {
    const char *key = header(peer->head, "\r\nsec-websocket-key: ");
    char text[256];
    if (!key) {
        buffer_add(&peer->output, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 40);
        return;
    }
    unsigned char joined[64], digest[SHA_DIGEST_LENGTH], accept[32];
    int length = snprintf((char *)joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    SHA1(joined, (size_t)length, digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);
    length = snprintf(text, sizeof text,
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: %s\r\n\r\n",
                      accept);
    buffer_add(&peer->output, text, (size_t)length);
    peer->upgraded = true;
}

/* Takes bytes of a request head; returns how many. */
static size_t take_head(struct peer *peer, const uint8_t *bytes, size_t count) {
    size_t taken = 0;
    while (taken < count) {
        if (peer->head_length == HEAD) die("a request head of more than %d bytes", HEAD);
        peer->head[peer->head_length++] = (char)bytes[taken++];
        if (peer->head_length >= 4 && !memcmp(peer->head + peer->head_length - 4, "\r\n\r\n", 4)) {
            peer->head[peer->head_length] = 0;
            answer_head(peer);
            peer->head_length = 0;
            break;
        }
    }
    return taken;
}

/* Takes one byte of a frame's header; when it is complete, the header of the echo is written. */
static void take_frame_header(struct peer *peer, uint8_t byte) {
    uint8_t *frame = peer->frame;
    frame[peer->frame_length++] = byte;
    if (peer->frame_length < 2) return;
    size_t lengths = (frame[1] & 127) == 127 ? 8 : (frame[1] & 127) == 126 ? 2 : 0;
    bool masked = frame[1] & 128;
    if (peer->frame_length < 2 + lengths + (masked ? 4 : 0)) return;
    peer->payload = lengths ? 0 : frame[1] & 127;
    for (size_t i = 0; i < lengths; i++) peer->payload = peer->payload << 8 | frame[2 + i];
    peer->mask = 0;
    if (masked) memcpy(&peer->mask, frame + 2 + lengths, 4);
    frame[1] &= 127;
    buffer_add(&peer->output, frame, 2 + lengths);
    peer->frame_length = 0;
}

/* Copies payload to the output without its mask; returns how many bytes of `bytes` belonged to it. */
static size_t take_payload(struct peer *peer, const uint8_t *bytes, size_t count) {
    if (count > peer->payload) count = (size_t)peer->payload;
    uint8_t *out = buffer_room(&peer->output, count);
    uint64_t mask = (uint64_t)peer->mask << 32 | peer->mask, word;
    size_t at = 0;
    for (; at + 8 <= count; at += 8) {
        memcpy(&word, bytes + at, 8);
        word ^= mask;
        memcpy(out + at, &word, 8);
    }
    for (; at < count; at++) {
        out[at] = bytes[at] ^ (uint8_t)peer->mask;
        peer->mask = peer->mask >> 8 | peer->mask << 24;
    }
    peer->output.end += count;
    peer->payload -= count;
    return count;
}

/* Reads, echoes and writes; false when the peer is gone. */
static bool serve(struct peer *peer, int poller) {
    static uint8_t bytes[READ];
    // What could not be written yet keeps us from reading: the buffer stays small.
    if (peer->output.begin == peer->output.end) {
        ssize_t count = recv(peer->descriptor, bytes, sizeof bytes, 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return true;
        if (count <= 0) return false;
        for (size_t at = 0; at < (size_t)count;) {
            if (!peer->upgraded) at += take_head(peer, bytes + at, (size_t)count - at);
            else if (peer->payload) at += take_payload(peer, bytes + at, (size_t)count - at);
            else take_frame_header(peer, bytes[at++]);
        }
    }
    if (!buffer_send(&peer->output, peer->descriptor)) return false;
    bool writing = peer->output.begin < peer->output.end;
    if (writing != peer->writing) watch(poller, EPOLL_CTL_MOD, peer->descriptor, writing ? EPOLLOUT : EPOLLIN, peer);
    peer->writing = writing;
    return true;
}

static void accepted(int poller, int descriptor) {
    struct peer *peer = allocate(sizeof *peer);
    peer->descriptor = descriptor;
    watch(poller, EPOLL_CTL_ADD, descriptor, EPOLLIN, peer);
}

static void ready(int poller, void *owner) {
    if (!serve(owner, poller)) drop(owner);
}

int main(int count, char **arguments) {
    if (count != 2) die("usage: ws_echo PORT");
    serve_port(number(arguments[1], 65535), accepted, ready);
}
