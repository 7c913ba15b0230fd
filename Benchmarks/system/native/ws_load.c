/* WebSocket messages: each client sends one, waits until the whole echo is back, compares it, and sends the next.
 *
 *     ws_load PORT SECONDS CLIENTS BYTES
 *
 * Prints `done=N seconds=S`, N being messages that went to the origin and came back. Any other byte than expected ends the
 * program with status 1. */
#define _GNU_SOURCE
#include "net.h"

static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: bench.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/* The value RFC 6455 §1.3 gives for that key. */
static const char ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/* A client: how much of the message is sent, and how much of the echo has come. */
struct client {
    int descriptor;
    size_t sent, received;
    bool writing;
};

static uint8_t *message, *echo; /* the same for all: a masked frame, and the unmasked one that comes back */
static size_t message_length, echo_length;
static int poller;

/* Writes the header of a binary frame; returns its length. */
static size_t frame_header(uint8_t *frame, size_t length, uint8_t mask) {
    frame[0] = 0x82;
    if (length < 126) {
        frame[1] = (uint8_t)(mask | length);
        return 2;
    }
    int bytes = length < 65536 ? 2 : 8;
    frame[1] = mask | (bytes == 2 ? 126 : 127);
    for (int i = 0; i < bytes; i++) frame[2 + i] = (uint8_t)((uint64_t)length >> 8 * (bytes - 1 - i));
    return 2 + (size_t)bytes;
}

static void prepare(size_t length) {
    static const uint8_t mask[4] = {0x5a, 0xc3, 0x0f, 0x99};
    message = allocate(length + 14);
    echo = allocate(length + 14);
    size_t to = frame_header(message, length, 0x80), from = frame_header(echo, length, 0);
    memcpy(message + to, mask, 4);
    to += 4;
    for (size_t i = 0; i < length; i++) {
        echo[from + i] = (uint8_t)(i * 31 + (i >> 8));
        message[to + i] = echo[from + i] ^ mask[i % 4];
    }
    message_length = to + length;
    echo_length = from + length;
}

static void send_more(struct client *client) {
    while (client->sent < message_length) {
        ssize_t count = send(client->descriptor, message + client->sent, message_length - client->sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) break;
        if (count < 0) die("send: %s", strerror(errno));
        client->sent += (size_t)count;
    }
    bool writing = client->sent < message_length;
    if (writing != client->writing)
        watch(poller, EPOLL_CTL_MOD, client->descriptor, writing ? EPOLLIN | EPOLLOUT : EPOLLIN, client);
    client->writing = writing;
}

/* Reads and compares; true when the echo is complete. */
static bool receive(struct client *client) {
    static uint8_t bytes[1 << 17];
    ssize_t count = recv(client->descriptor, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) die("the connection ended within a message");
    if ((size_t)count > echo_length - client->received) die("more bytes than were sent");
    if (memcmp(bytes, echo + client->received, (size_t)count)) die("a message came back changed");
    client->received += (size_t)count;
    return client->received == echo_length;
}

static void upgrade(struct client *client, long port, unsigned turn) {
    char head[2048] = "";
    size_t length = 0;
    client->descriptor = connect_to(port, turn);
    // The upgrade is not what is measured: it may wait.
    fcntl(client->descriptor, F_SETFL, 0);
    if (send(client->descriptor, REQUEST, sizeof REQUEST - 1, MSG_NOSIGNAL) < 0) die("send: %s", strerror(errno));
    while (!strstr(head, "\r\n\r\n")) {
        ssize_t count = recv(client->descriptor, head + length, sizeof head - 1 - length, 0);
        if (count <= 0) die("no answer to the upgrade: %s", head);
        length += (size_t)count;
        head[length] = 0;
    }
    if (strncmp(head, "HTTP/1.1 101 ", 13) || !strstr(head, ACCEPT)) die("upgrade refused: %s", head);
    fcntl(client->descriptor, F_SETFL, O_NONBLOCK);
    watch(poller, EPOLL_CTL_ADD, client->descriptor, EPOLLIN, client);
}

int main(int count, char **arguments) {
    if (count != 5) die("usage: ws_load PORT SECONDS CLIENTS BYTES");
    long port = number(arguments[1], 65535), clients = number(arguments[3], 1024);
    double seconds = (double)number(arguments[2], 3600);
    signal(SIGPIPE, SIG_IGN);
    prepare((size_t)number(arguments[4], 1 << 24));
    poller = epoll_create1(0);
    struct client *all = allocate((size_t)clients * sizeof *all);
    for (long i = 0; i < clients; i++) upgrade(&all[i], port, (unsigned)i);
    double began = now();
    for (long i = 0; i < clients; i++) send_more(&all[i]);
    uint64_t done = 0;
    for (long active = clients; active > 0;) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 10000);
        if (ready <= 0) die("no echo for ten seconds");
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) send_more(client);
            if (!(events[i].events & ~EPOLLOUT) || !receive(client)) continue;
            done++;
            client->sent = client->received = 0;
            if (now() - began < seconds) send_more(client);
            else active--;
        }
    }
    printf("done=%llu seconds=%.6f\n", (unsigned long long)done, now() - began);
    return 0;
}
