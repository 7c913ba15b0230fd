"""The package websockets, on both sides of the proxy."""

import socket
import ssl

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from .origin import content
from .place import HOST, expect


def _open(place, path, secure, **options):
    port = place.secure_port if secure else place.clear_port
    options.setdefault("compression", None)
    if secure:
        options |= {"ssl": ssl.create_default_context(cafile=place.ca), "server_hostname": HOST}
    return connect(f"{'wss' if secure else 'ws'}://{HOST}:{port}{path}", sock=socket.create_connection(("127.0.0.1", port), 5),
                   max_size=1 << 24, open_timeout=10, close_timeout=10, **options)


def check_echo(place):
    """Text and binary messages come back by ws and wss."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure) as connection:
            for message in ("grüße", b"\x00\xff", "", b""):
                connection.send(message)
                expect(connection.recv(10), message, "the echo")


def check_large_messages(place):
    """A message of 4 MB comes back whole."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure) as connection:
            connection.send(content(4_000_000))
            expect(connection.recv(15) == content(4_000_000), True, "sameness of the echo")


def check_fragments(place):
    """A message in fragments comes back whole."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure) as connection:
            connection.send(f"piece {number} " for number in range(100))
            expect(connection.recv(10), "".join(f"piece {number} " for number in range(100)), "the echo")


def check_many_messages(place):
    """A thousand messages on their way at once keep their order."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure) as connection:
            for number in range(1000):
                connection.send(str(number))
            expect([connection.recv(10) for _ in range(1000)], [str(number) for number in range(1000)], "the echoes")


def check_ping(place):
    """Pings are answered in both directions."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure) as connection:
            expect(connection.ping(b"hello?").wait(10), True, "a pong for the client")
        with _open(place, "/ws/ping", secure) as connection:
            expect(connection.recv(10), "answered", "a pong for the server")


def check_close_of_client(place):
    """Code and reason of the client's close reach the server."""
    for secure in (False, True):
        connection = _open(place, "/ws/echo", secure)
        while not place.websockets.closed.empty():
            place.websockets.closed.get()
        connection.close(4002, "enough")
        expect(place.websockets.closed.get(timeout=10), (4002, "enough"), "what the server saw")


def check_close_of_server(place):
    """Code and reason of the server's close reach the client."""
    for secure in (False, True):
        with _open(place, "/ws/close", secure) as connection:
            try:
                connection.recv(10)
                raise AssertionError("the connection stayed open")
            except ConnectionClosed as closed:
                expect((closed.rcvd.code, closed.rcvd.reason), (4321, "as agreed"), "what the client saw")


def check_subprotocol(place):
    """A subprotocol is agreed on."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure, subprotocols=["chat.v1", "other"]) as connection:
            expect(connection.subprotocol, "chat.v1", "the subprotocol")


def check_compression(place):
    """permessage-deflate is agreed on and works."""
    for secure in (False, True):
        with _open(place, "/ws/echo", secure, compression="deflate") as connection:
            expect(len(connection.protocol.extensions), 1, "the number of extensions")
            connection.send("again and again " * 20_000)
            expect(connection.recv(10), "again and again " * 20_000, "the echo")


def check_side_by_side(place):
    """Fifty connections at once, half of them with TLS."""
    connections = [_open(place, "/ws/echo", number % 2 == 0) for number in range(50)]
    try:
        for number, connection in enumerate(connections):
            connection.send(f"connection {number}")
        echoes = [connection.recv(10) for connection in connections]
        expect(echoes, [f"connection {number}" for number in range(50)], "the echoes")
    finally:
        for connection in connections:
            connection.close()
