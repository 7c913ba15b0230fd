"""Client and origin in one thread, in lock-step: nobody races, so every run moves the same bytes in the same reads and writes."""

import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from counted import BenchError

PATIENCE = 10.0
"""Seconds before a side that waits gives up."""


@dataclass
class Pair:
    """Both sides of a proxy: a client, or several, and an origin with the connections the proxy opened to it."""

    proxy_port: int = 0
    client: socket.socket | None = None
    crowd: list[socket.socket] = field(default_factory=list)
    """Further client connections, for ``together``."""
    origin: socket.socket | None = None
    """Where the request under way came in."""
    origins: list[socket.socket] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def origin_port(self) -> int:
        """Where the origin listens."""
        return self.listener.getsockname()[1]

    def connect(self) -> None:
        """Opens the client's connection anew."""
        self.disconnect()
        self.client = self._connected()

    def disconnect(self) -> None:
        """Closes the client's connection; the origin's stays in the proxy's pool."""
        if self.client is not None:
            self.client.close()
            self.client = None

    def close(self) -> None:
        self.disconnect()
        for opened in [*self.crowd, *self.origins, self.listener]:
            opened.close()

    def to_proxy(self, data: bytes) -> None:
        if self.client is None:
            self.connect()
        self.client.sendall(data)

    def at_origin(self, end: bytes) -> None:
        """Waits until the origin has got something that ends in `end`, on whichever connection the proxy chose."""
        self.origin = self._spoken_to()
        self._read(self.origin, end, "origin")

    def to_client(self, data: bytes) -> None:
        self.origin.sendall(data)

    def at_client(self, end: bytes) -> None:
        """Waits until the client has got something that ends in `end`."""
        self._read(self.client, end, "client")

    def together(self, clients: int, request: bytes, answer: bytes) -> None:
        """One request on each of so many client connections; the origin answers when it has got them all."""
        while len(self.crowd) < clients:
            self.crowd.append(self._connected())
        for client in self.crowd:
            client.sendall(request)
        asked = []
        for _ in self.crowd:
            self.at_origin(b"\r\n\r\n")
            asked.append(self.origin)
        for origin in asked:
            origin.sendall(answer)
        for client in self.crowd:
            self._read(client, answer[-16:], "client")

    def _connected(self) -> socket.socket:
        """A new client connection."""
        client = socket.create_connection(("127.0.0.1", self.proxy_port), PATIENCE)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def _spoken_to(self) -> socket.socket:
        """The origin's connection that has something to read; a new one if the proxy opens one."""
        while True:
            readable, _, _ = select.select([self.listener, *self.origins], [], [], PATIENCE)
            if not readable:
                raise BenchError("the origin was asked for nothing")
            if readable[0] is not self.listener:
                return readable[0]
            opened, _ = self.listener.accept()
            opened.settimeout(PATIENCE)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.origins.append(opened)

    @staticmethod
    def _read(side: socket.socket, end: bytes, name: str) -> None:
        got = b""
        while not got.endswith(end):
            try:
                piece = side.recv(262_144)
            except TimeoutError:
                raise BenchError(f"the {name} waits for {end[-40:]!r} and has {got[-200:]!r}") from None
            if not piece:
                raise BenchError(f"the {name}'s connection was closed after {got[-200:]!r}")
            got += piece


Exchange = Callable[[Pair], None]
"""One request and its answer."""

FIELDS = (
    b"Host: h4711.test\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: text/html,*/*;q=0.8\r\n"
    b"Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nCookie: session=0123456789abcdef\r\n"
)
"""Header lines of every request: as many as a browser sends, without what would make a middleware wait."""

ANSWER = b"x" * 130

HEAD = b"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 08:00:00 GMT\r\nServer: origin\r\nContent-Type: text/plain\r\n"


def get(pair: Pair) -> None:
    """A GET with an answer of 130 bytes."""
    pair.to_proxy(b"GET /api/v1/items?page=2 HTTP/1.1\r\n" + FIELDS + b"\r\n")
    pair.at_origin(b"\r\n\r\n")
    pair.to_client(HEAD + b"Content-Length: 130\r\n\r\n" + ANSWER)
    pair.at_client(ANSWER)


def crowd(pair: Pair, clients: int) -> None:
    """The same GET on so many client connections at once."""
    answer = HEAD + b"Content-Length: 130\r\n\r\n" + ANSWER
    pair.together(clients, b"GET /api/v1/items?page=2 HTTP/1.1\r\n" + FIELDS + b"\r\n", answer)


def not_found(pair: Pair) -> None:
    """A GET that the proxy answers itself."""
    pair.to_proxy(b"GET /api/v1/items?page=2 HTTP/1.1\r\n" + FIELDS + b"\r\n")
    pair.at_client(b"404 page not found\n")


def post(pair: Pair, pieces: int = 1, size: int = 1024) -> None:
    """A POST with Content-Length: the first piece arrives with the head, each further one when the origin has the last."""
    parts = [(b"%04d" % number).rjust(size, b".") for number in range(pieces)]
    pair.to_proxy(b"POST /form HTTP/1.1\r\n" + FIELDS + b"Content-Length: %d\r\n\r\n" % (size * pieces) + parts[0])
    pair.at_origin(parts[0])
    for part in parts[1:]:
        pair.to_proxy(part)
        pair.at_origin(part)
    pair.to_client(HEAD + b"Content-Length: 130\r\n\r\n" + ANSWER)
    pair.at_client(ANSWER)


def chunked(pair: Pair, pieces: int = 1, size: int = 1024) -> None:
    """A chunked answer: the first chunk comes with the head, each further one when the client has the last."""
    pair.to_proxy(b"GET /stream HTTP/1.1\r\n" + FIELDS + b"\r\n")
    pair.at_origin(b"\r\n\r\n")
    start = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for number in range(pieces):
        # Where the proxy cuts its chunks is its own affair.
        part = (b"%04d" % number).rjust(size, b".") + b"\r\n"
        pair.to_client(start + b"%x\r\n" % size + part)
        pair.at_client(part[-8:])
        start = b""
    pair.to_client(b"0\r\n\r\n")
    pair.at_client(b"0\r\n\r\n")


def one_connection(pair: Pair) -> None:
    """A GET on a client connection of its own."""
    pair.connect()
    get(pair)
