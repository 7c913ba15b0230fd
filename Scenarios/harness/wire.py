"""HTTP/1 messages on raw sockets, with nothing normalised: header lines keep their spelling and their order."""

import ssl
from dataclasses import dataclass, field

from .tls import alert_of


class WireError(Exception):
    """The peer closed or timed out in the middle of a message, or sent something that is not HTTP/1."""


@dataclass
class Message:
    """One request or response as it was read."""

    start: str = ""
    headers: list = field(default_factory=list)
    body: bytes = b""
    trailers: list = field(default_factory=list)
    tls: dict = None  # what the client showed, of a request to a backend with TLS
    framing: str = "none"  # none, length, chunked or close
    informational: list = field(default_factory=list)  # interim responses, as Message
    complete: bool = True
    scheme: str = None  # of a request of HTTP/2

    @property
    def status(self):
        parts = self.start.split(" ", 2)
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0

    def values(self, name):
        """Values of every line of that name, in order; letter case is ignored."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name, default=""):
        found = self.values(name)
        return found[0] if found else default


class Wire:
    """A buffered socket that also keeps every byte received (for failure output and --compare)."""

    def __init__(self, sock):
        self.socket = sock
        self.buffer = b""
        self.received = bytearray()
        self.alert = None  # why TLS ended, once it did in another way than by its own closing
        self.session = None  # the http2.Session on it
        self.shown = None  # what the client of a backend with TLS showed
        self.http2 = None  # whether the client of a backend speaks HTTP/2, once that is known

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        """Reads once; False at the end of the stream. A reset counts as an end."""
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            return False
        except ssl.SSLWantReadError as error:
            raise WireError("no bytes yet") from error
        except ssl.SSLError as error:
            self.alert = alert_of(error)
            return False
        except (TimeoutError, BlockingIOError) as error:
            raise WireError("timed out waiting for bytes") from error
        self.buffer += data
        self.received += data
        return bool(data)

    def until(self, mark):
        while mark not in self.buffer:
            if not self.fill():
                raise WireError("closed before the end of a line" if self.buffer else "closed without a byte")
        line, self.buffer = self.buffer.split(mark, 1)
        return line

    def exactly(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise WireError(f"closed after {len(self.buffer)} of {count} bytes")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def rest(self):
        while self.fill():
            pass
        data, self.buffer = self.buffer, b""
        return data

    def is_closed(self, within):
        """Whether the peer ends the stream within so many seconds; further bytes are kept."""
        self.socket.settimeout(within)
        try:
            while self.fill():
                pass
            return True
        except WireError:
            return False

    def _fields(self):
        lines = []
        while True:
            line = self.until(b"\n").rstrip(b"\r").decode("latin-1")
            if not line:
                return lines
            name, _, value = line.partition(":")
            lines.append([name, value.strip(" \t")])

    def _chunked(self, message):
        body = b""
        try:
            while True:
                size = int(self.until(b"\n").split(b";")[0].strip() or b"x", 16)
                if size == 0:
                    message.trailers = self._fields()
                    break
                body += self.exactly(size)
                self.until(b"\n")
        except (WireError, ValueError):
            message.complete = False
        message.body = body

    def _body(self, message, length_is_known_by_close):
        if "chunked" in message.header("Transfer-Encoding").lower():
            message.framing = "chunked"
            self._chunked(message)
        elif message.values("Content-Length"):
            message.framing = "length"
            wanted = int(message.header("Content-Length"))
            try:
                message.body = self.exactly(wanted)
            except WireError:
                message.complete, message.body, self.buffer = False, self.buffer, b""
        elif length_is_known_by_close:
            message.framing = "close"
            message.body = self.rest()

    def request(self, before_body=None):
        """Reads a request; None when the peer closed between requests. `before_body` may answer an Expect."""
        try:
            start = self.until(b"\n").rstrip(b"\r").decode("latin-1")
        except (WireError, OSError):
            return None
        message = Message(start=start, headers=self._fields())
        if before_body:
            before_body(message)
        self._body(message, False)
        return message

    def response(self, method="GET"):
        """Reads a final response; interim ones before it are collected, 101 is final and has no body."""
        interim = []
        while True:
            message = Message(start=self.until(b"\n").rstrip(b"\r").decode("latin-1"))
            if not message.start.startswith("HTTP/1."):
                raise WireError(f"not a status line: {message.start!r}")
            message.headers = self._fields()
            if 100 <= message.status < 200 and message.status != 101:
                interim.append(message)
                continue
            break
        message.informational = interim
        if method != "HEAD" and message.status not in (101, 204, 304):
            self._body(message, True)
        return message
