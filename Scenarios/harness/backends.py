"""Backends that a scenario names under `servers`: one listening thread each, one thread per connection.

What a backend does with a request is a behaviour (a mapping with `kind`); README.md lists them.
"""

import base64
import gzip
import hashlib
import json
import re
import socket
import struct
import threading
import time

from . import tls
from .http2_backend import Served
from .wire import Wire

CRLF = b"\r\n"
WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def text_of(value):
    """A body given as text, or as {repeat: text, times: N}."""
    if isinstance(value, dict):
        return (value["repeat"] * value["times"]).encode("latin-1")
    return ("" if value is None else str(value)).encode("latin-1")


def lines_of(headers):
    """Header lines from a mapping (a list value gives several lines) or from a list of pairs."""
    if isinstance(headers, dict):
        pairs = []
        for name, value in headers.items():
            pairs += [[name, item] for item in value] if isinstance(value, list) else [[name, value]]
        return pairs
    return [list(pair) for pair in headers or []]


def head(start, headers):
    lines = [start] + [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("latin-1") + CRLF + CRLF


class Backend:
    """One named backend; `seen` holds every request of the running case in order."""

    def __init__(self, name, behaviour):
        self.name = name
        self.behaviour = behaviour or {}
        self.lock = threading.Lock()
        self.seen = []
        self.connections = 0
        self.stopping = False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        scheme = "https" if "tls" in self.behaviour else "h2c" if self.behaviour.get("http2") else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def forget(self):
        with self.lock:
            self.seen, self.connections = [], 0

    def stop(self):
        self.stopping = True
        self.listener.close()

    def _accept(self):
        while not self.stopping:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        wire = Wire(connection)
        try:
            if "tls" in self.behaviour:
                wire.socket, wire.shown = tls.serve(
                    connection, self.behaviour["tls"], ["h2", "http/1.1"] if self.behaviour.get("http2") else None)
            if self._speaks_http2(wire):
                Served(self, wire, self.behaviour.get("settings")).run()
            while not self._speaks_http2(wire) and self._answer_one(wire):
                pass
        except Exception:  # a client that went away is no concern of the backend
            pass
        wire.close()

    def _speaks_http2(self, wire):
        """In clear, a server of HTTP/2 tells by the first bytes, for what switches protocols comes as HTTP/1."""
        if not self.behaviour.get("http2"):
            return False
        if wire.http2 is None:
            if "tls" in self.behaviour:
                wire.http2 = wire.socket.selected_alpn_protocol() == "h2"
            else:
                while len(wire.buffer) < 4 and wire.fill():
                    pass
                wire.http2 = wire.buffer.startswith(b"PRI ")
        return wire.http2

    # For connections of HTTP/2.

    def record(self, message):
        with self.lock:
            self.seen.append(message)

    def behaviour_of(self, message):
        with self.lock:
            number = next(index for index, seen in enumerate(self.seen) if seen is message)
        return self._behaviour_for(message.start.split(" ")[1], number)

    def view(self, message):
        return {**describe(message), "server": self.name, "scheme": message.scheme}

    text = staticmethod(text_of)
    lines = staticmethod(lines_of)

    def _behaviour_for(self, target, number):
        behaviour = self.behaviour
        path = target.split("?")[0]
        for prefix in sorted(behaviour.get("paths", {}), key=len, reverse=True):
            if path.startswith(prefix):
                behaviour = behaviour["paths"][prefix]
                break
        if "sequence" in behaviour:
            behaviour = behaviour["sequence"][min(number, len(behaviour["sequence"]) - 1)]
        return behaviour

    def _answer_one(self, wire):
        chosen = {}

        def begin(message):
            """Records the head, picks the behaviour, and acts where it must before the body is read."""
            parts = message.start.split(" ")
            target = parts[1] if len(parts) > 1 else ""
            message.tls = wire.shown
            with self.lock:
                number = len(self.seen)
                self.seen.append(message)
            chosen.update(self._behaviour_for(target, number))
            if message.header("Expect").lower() == "100-continue" and chosen.get("kind") != "early":
                wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            if chosen.get("kind") == "early":
                wire.send(head("HTTP/1.1 403 Forbidden", [["Content-Length", "5"], ["Connection", "close"]]) + b"early")

        message = wire.request(begin)
        if message is None:
            return False
        if chosen.get("kind") == "early":
            return False
        action = getattr(self, "_do_" + chosen.get("kind", "echo").replace("-", "_"))
        if chosen.get("delay"):
            time.sleep(chosen["delay"])
        keep = action(wire, message, chosen)
        return keep and message.header("Connection").lower() != "close" and not chosen.get("close")

    # Behaviours: each writes an answer and tells whether the connection stays open.

    def _do_echo(self, wire, message, behaviour):
        view = describe(message)
        view["server"] = self.name
        view["connection"] = wire.socket.getpeername()[1]
        body = json.dumps(view).encode()
        headers = [["Content-Type", "application/json"], *lines_of(behaviour.get("headers")),
                   ["Content-Length", len(body)]]
        wire.send(head(f"HTTP/1.1 {behaviour.get('status', 200)} {behaviour.get('reason', 'OK')}", headers))
        if not message.start.startswith("HEAD "):
            wire.send(body)
        return True

    def _do_whoami(self, wire, message, behaviour):
        """As `martinet whoami`: the request as lines of text, after as many seconds as `?wait=` says."""
        parts = message.start.split(" ")
        wait = re.search(r"[?&]wait=(\d+)s", parts[1])
        if wait:
            time.sleep(int(wait.group(1)))
        lines = [f"Name: {self.name}", message.start, f"Host: {message.header('Host')}"]
        lines += sorted(f"{name}: {value}" for name, value in message.headers if name.lower() != "host")
        body = ("\n".join(lines) + "\n\n").encode("latin-1")
        headers = [["Content-Type", "text/plain; charset=utf-8"], ["Content-Length", len(body)]]
        wire.send(head("HTTP/1.1 200 OK", headers) + (b"" if parts[0] == "HEAD" else body))
        return True

    def _do_fixed(self, wire, message, behaviour):
        status = behaviour.get("status", 200)
        body = text_of(behaviour.get("body"))
        headers = lines_of(behaviour.get("headers"))
        if behaviour.get("gzip") and "gzip" in message.header("Accept-Encoding"):
            body = gzip.compress(body, mtime=0)
            headers.append(["Content-Encoding", "gzip"])
        if behaviour.get("chunked"):
            headers.append(["Transfer-Encoding", "chunked"])
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        elif status not in (204, 304) and not behaviour.get("close"):
            headers.append(["Content-Length", len(body)])
        wire.send(head(f"HTTP/1.1 {status} {behaviour.get('reason', 'Status')}", headers))
        if not message.start.startswith("HEAD ") and status not in (204, 304):
            wire.send(body)
        return True

    def _do_close(self, wire, message, behaviour):
        """Closes before a byte of the answer."""
        return False

    def _do_reset(self, wire, message, behaviour):
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _do_raw(self, wire, message, behaviour):
        """Sends bytes exactly as written, then closes unless `keep` is set."""
        wire.send(text_of(behaviour["reply"]))
        return bool(behaviour.get("keep"))

    def _do_stream(self, wire, message, behaviour):
        """A chunked answer, one piece at a time with `interval` seconds between, then optional trailers."""
        trailers = lines_of(behaviour.get("trailers"))
        headers = lines_of(behaviour.get("headers")) + [["Transfer-Encoding", "chunked"]]
        if trailers:
            headers.append(["Trailer", ", ".join(name for name, _ in trailers)])
        wire.send(head("HTTP/1.1 200 OK", headers))
        for number, piece in enumerate(behaviour.get("pieces", [])):
            if number:
                time.sleep(behaviour.get("interval", 0))
            data = text_of(piece)
            wire.send(b"%x\r\n%s\r\n" % (len(data), data))
        wire.send(b"0\r\n" + b"".join(f"{n}: {v}\r\n".encode() for n, v in trailers) + CRLF)
        return True

    def _do_hints(self, wire, message, behaviour):
        """Interim answers before the final echo."""
        for status in behaviour.get("statuses", [103]):
            wire.send(head(f"HTTP/1.1 {status} Interim", lines_of(behaviour.get("hints"))))
        return self._do_echo(wire, message, {})

    def _do_upgrade(self, wire, message, behaviour):
        """101 with the token that was asked for (with Sec-WebSocket-Accept for WebSocket), then echoes bytes."""
        headers = [["Connection", "Upgrade"], ["Upgrade", behaviour.get("token", message.header("Upgrade"))]]
        key = message.header("Sec-WebSocket-Key")
        if key:
            digest = hashlib.sha1((key + WEBSOCKET_GUID).encode()).digest()
            headers.append(["Sec-WebSocket-Accept", base64.b64encode(digest).decode()])
        wire.send(head("HTTP/1.1 101 Switching Protocols", headers + lines_of(behaviour.get("headers"))))
        wire.send(text_of(behaviour.get("greeting")))
        while wire.buffer or wire.fill():
            data, wire.buffer = wire.buffer, b""
            wire.send(data)
        return False

    def _do_http1(self, wire, message, behaviour):
        """What came by HTTP/2 is refused there."""
        return self._do_echo(wire, message, behaviour)

    def _do_auth(self, wire, message, behaviour):
        """Answers `allow` when the Authorization header equals `token`, else `deny` (both fixed answers)."""
        allowed = message.header("Authorization") == behaviour.get("token")
        return self._do_fixed(wire, message, behaviour.get("allow" if allowed else "deny") or {})


def describe(message):
    """The request as the backend read it, ready for JSON."""
    parts = (message.start.split(" ") + ["", ""])[:3]
    return {
        "line": message.start, "method": parts[0], "target": parts[1], "version": parts[2],
        "host": message.header("Host"), "headers": message.headers, "framing": message.framing,
        "body": message.body.decode("latin-1"), "trailers": message.trailers, "complete": message.complete,
        "tls": message.tls,
    }
