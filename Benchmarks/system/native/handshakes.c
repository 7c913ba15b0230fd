/* TLS handshakes: connection after connection, each with one small answer.
 *
 *     handshakes PORT SECONDS full|resumed
 *
 * Sixteen clients open a connection, shake hands with TLS 1.3, ask for /none, read an answer 404, which the proxy gives by
 * itself, and close. `resumed` presents the ticket of the client's connection before. Prints `done=N seconds=S`. A refused
 * handshake, another answer, or a handshake that is not of the kind asked for ends the program with status 1. */
#define _GNU_SOURCE
#include "net.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

enum { CLIENTS = 16 };

static const char REQUEST[] = "GET /none HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n\r\n";

/* One client: its connection, the ticket it got last, and how far the exchange is. */
struct client {
    int descriptor;
    SSL *tls;
    SSL_SESSION *ticket;
    bool asked, may_be_full;
    size_t received;
    char answer[64];
};

static SSL_CTX *context;
static int poller;
static long port;
static bool resuming;
static unsigned turn;
static uint64_t done;

/* Keeps the newest ticket; the reference that OpenSSL hands over is ours then. */
static int new_ticket(SSL *tls, SSL_SESSION *session) {
    struct client *client = SSL_get_app_data(tls);
    SSL_SESSION_free(client->ticket);
    client->ticket = session;
    return 1;
}

static void open_connection(struct client *client) {
    client->descriptor = connect_to(port, turn++);
    client->asked = false;
    client->received = 0;
    client->tls = SSL_new(context);
    if (!client->tls) die("SSL_new failed");
    SSL_set_app_data(client->tls, client);
    SSL_set_fd(client->tls, client->descriptor);
    SSL_set_tlsext_host_name(client->tls, "bench.test");
    if (resuming && client->ticket) SSL_set_session(client->tls, client->ticket);
    client->may_be_full = !resuming || !client->ticket;
    SSL_set_connect_state(client->tls);
    watch(poller, EPOLL_CTL_ADD, client->descriptor, EPOLLIN, client);
}

static void close_connection(struct client *client) {
    if (client->received < 12 || memcmp(client->answer, "HTTP/1.1 404", 12)) die("answer: %.40s", client->answer);
    if (SSL_version(client->tls) != TLS1_3_VERSION) die("handshake with %s", SSL_get_version(client->tls));
    if (SSL_session_reused(client->tls) == client->may_be_full)
        die(client->may_be_full ? "a new client was resumed" : "a ticket was not taken");
    if (!client->ticket) die("the server gave no ticket");
    SSL_shutdown(client->tls);
    SSL_free(client->tls);
    close(client->descriptor);
    done++;
}

/* Goes on until the socket has nothing more; true when the connection has ended as it should. */
static bool advance(struct client *client) {
    if (!client->asked) {
        // Finished and request leave together once the handshake is complete on this side.
        int result = SSL_do_handshake(client->tls);
        if (result != 1) {
            int error = SSL_get_error(client->tls, result);
            if (error == SSL_ERROR_WANT_READ) return false;
            ERR_print_errors_fp(stderr);
            die("handshake failed (%d)", error);
        }
        if (SSL_write(client->tls, REQUEST, sizeof REQUEST - 1) != sizeof REQUEST - 1) die("request not taken");
        client->asked = true;
    }
    char bytes[4096];
    for (;;) {
        int count = SSL_read(client->tls, bytes, sizeof bytes);
        if (count <= 0) {
            int error = SSL_get_error(client->tls, count);
            if (error == SSL_ERROR_WANT_READ) return false;
            // A proxy may close without close_notify: what counts is that the answer came.
            ERR_clear_error();
            return true;
        }
        for (int i = 0; i < count && client->received < sizeof client->answer; i++)
            client->answer[client->received++] = bytes[i];
    }
}

int main(int count, char **arguments) {
    if (count != 4) die("usage: handshakes PORT SECONDS full|resumed");
    port = number(arguments[1], 65535);
    double seconds = (double)number(arguments[2], 3600);
    resuming = !strcmp(arguments[3], "resumed");
    signal(SIGPIPE, SIG_IGN);
    poller = epoll_create1(0);
    context = SSL_CTX_new(TLS_client_method());
    if (!context || poller < 0) die("out of descriptors or memory");
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, new_ticket);
    static struct client clients[CLIENTS];
    double began = now();
    for (int i = 0; i < CLIENTS; i++) open_connection(&clients[i]);
    // A client's first step is a write, which no event announces.
    for (int i = 0; i < CLIENTS; i++) advance(&clients[i]);
    int active = CLIENTS;
    while (active > 0) {
        struct epoll_event events[CLIENTS];
        int ready = epoll_wait(poller, events, CLIENTS, 10000);
        if (ready <= 0) die("no answer for ten seconds");
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!advance(client)) continue;
            close_connection(client);
            if (now() - began < seconds) {
                open_connection(client);
                advance(client);
            } else {
                active--;
            }
        }
    }
    printf("done=%llu seconds=%.6f\n", (unsigned long long)done, now() - began);
    return 0;
}
