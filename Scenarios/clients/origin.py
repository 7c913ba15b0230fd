"""The HTTP/1.1 server behind the proxy: Python's own, with what the checks ask for."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .page import page, resource

PATTERN = bytes(range(256)) * 4096


def content(size):
    """So many bytes of a pattern."""
    return (PATTERN * (size // len(PATTERN) + 1))[:size]


class Server(ThreadingHTTPServer):
    """Takes hundreds of connections at once."""

    daemon_threads = True
    request_queue_size = 1024


class Origin:
    """Listens on `port` of the loopback interface; `reports` holds what pages posted to /report."""

    def __init__(self):
        self.reports, self.reported = [], threading.Event()
        self.server = Server(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"origin": self}))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        """Stops listening."""
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    """`/` and anything unknown say hello; see the methods for the rest."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    origin = None

    def log_message(self, *_):
        """Says nothing: the checks speak."""

    def do_GET(self):
        """Pages, large bodies, trailers, events."""
        path, _, query = self.path.partition("?")
        if path == "/large":
            self.answer(content(int(query)), "application/octet-stream")
        elif path == "/trailers":
            self.trailers()
        elif path == "/events":
            self.answer(b"data: one\n\ndata: two\n\ndata: three\n\n", "text/event-stream")
        elif path == "/cookies":
            self.answer(b"cookies", "text/plain", [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")])
        elif path == "/page":
            self.answer(page(), "text/html; charset=utf-8")
        elif path.startswith("/r/"):
            self.answer(*resource(path))
        elif path == "/gone":
            self.send_response(204)
            self.end_headers()
        else:
            self.answer(b"hello", "text/plain")

    do_HEAD = do_GET

    def do_POST(self):
        """Reads the body to its end and says what came."""
        body, trailers = self.body()
        if self.path == "/report":
            self.origin.reports.append(json.loads(body))
            self.origin.reported.set()
        said = {"method": self.command, "length": len(body), "sha256": hashlib.sha256(body).hexdigest(),
                "headers": {name.lower(): value for name, value in self.headers.items()}, "trailers": trailers}
        self.answer(json.dumps(said).encode(), "application/json")

    do_PUT = do_PATCH = do_DELETE = do_POST

    def body(self):
        """The body and its trailers."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0))), {}
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        trailers = {}
        while (line := self.rfile.readline().strip()):
            name, _, value = line.decode("latin-1").partition(":")
            trailers[name.lower()] = value.strip()
        return b"".join(pieces), trailers

    def answer(self, body, kind, headers=()):
        """A whole answer with its length."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def trailers(self):
        """A chunked answer with a trailer field that was announced."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "X-Digest")
        self.end_headers()
        self.wfile.write(b"5\r\nhello\r\n0\r\nX-Digest: abc\r\n\r\n")
