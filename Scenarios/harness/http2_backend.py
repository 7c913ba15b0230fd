"""Backends that speak HTTP/2: in clear by prior knowledge, or by ALPN over TLS. The behaviours are those of HTTP/1 as far as
they mean something here, and some of HTTP/2's own."""

import json
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from .wire import Message

PSEUDO = {":method", ":scheme", ":authority", ":path"}


def text_of_fields(fields):
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in fields]


class Served:
    """The server's end of one connection."""

    def __init__(self, backend, wire, settings):
        self.backend, self.wire = backend, wire
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding=None, validate_inbound_headers=False, validate_outbound_headers=False,
            normalize_outbound_headers=False))
        ours = {h2.settings.SettingCodes[name]: value for name, value in (settings or {}).items()}
        # What is set later counts only once the client has acknowledged it.
        self.connection.local_settings = h2.settings.Settings(
            client=False, initial_values={h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 100, **ours})
        self.connection.initiate_connection()
        self.requests = {}

    def run(self):
        while not self.backend.stopping:
            self.flush()
            if not self.wire.buffer and not self.wire.fill():
                return
            data, self.wire.buffer = self.wire.buffer, b""
            for event in self.connection.receive_data(data):
                if self._handle(event) is False:
                    self.flush()
                    return

    def flush(self):
        data = self.connection.data_to_send()
        if data:
            self.wire.send(data)

    def _handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            fields = text_of_fields(event.headers)
            pseudo = {name: value for name, value in fields if name in PSEUDO}
            message = Message(start=f"{pseudo.get(':method')} {pseudo.get(':path')} HTTP/2.0", tls=self.wire.shown)
            message.headers = [["Host", pseudo.get(":authority", "")]] + [
                [name, value] for name, value in fields if name not in PSEUDO]
            message.scheme = pseudo.get(":scheme")
            self.requests[event.stream_id] = message
            self.backend.record(message)
        elif isinstance(event, h2.events.DataReceived):
            self.requests[event.stream_id].body += event.data
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            self.requests[event.stream_id].trailers = text_of_fields(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            return self._answer(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.requests.pop(event.stream_id, None)
        elif isinstance(event, h2.events.ConnectionTerminated):
            return False
        return True

    # Answers.

    def _answer(self, stream):
        message = self.requests[stream]
        behaviour = self.backend.behaviour_of(message)
        time.sleep(behaviour.get("delay", 0))
        return getattr(self, "_do_" + behaviour.get("kind", "echo"))(stream, message, behaviour)

    def _head(self, stream, status, headers, ends=False):
        fields = [(":status", str(status))] + [(name.lower(), str(value)) for name, value in headers]
        self.connection.send_headers(stream, fields, end_stream=ends)

    def _body(self, stream, body, ends):
        """As fast as the windows let it through."""
        while True:
            room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
            piece, body = body[:max(room, 0)], body[max(room, 0):]
            if piece or not body:
                self.connection.send_data(stream, piece, end_stream=ends and not body)
            self.flush()
            if not body:
                return
            if room <= 0:
                self._wait()

    def _wait(self):
        if not self.wire.buffer and not self.wire.fill():
            raise ConnectionError("the client has left")
        data, self.wire.buffer = self.wire.buffer, b""
        for event in self.connection.receive_data(data):
            if not isinstance(event, (h2.events.RequestReceived, h2.events.StreamEnded)):
                self._handle(event)

    def _do_echo(self, stream, message, behaviour):
        body = json.dumps(self.backend.view(message)).encode()
        headers = [["content-type", "application/json"], *self.backend.lines(behaviour.get("headers"))]
        self._head(stream, behaviour.get("status", 200), headers + [["content-length", len(body)]])
        self._body(stream, b"" if message.start.startswith("HEAD ") else body, True)

    def _do_fixed(self, stream, message, behaviour):
        """`chunked` leaves the length out; `trailers` follow, and without a body the answer is one frame."""
        body = self.backend.text(behaviour.get("body"))
        headers = self.backend.lines(behaviour.get("headers"))
        trailers = self.backend.lines(behaviour.get("trailers"))
        if not behaviour.get("chunked") and not trailers and behaviour.get("status", 200) not in (204, 304):
            headers.append(["content-length", len(body)])
        if message.start.startswith("HEAD "):
            body, trailers = b"", []
        self._head(stream, behaviour.get("status", 200), headers, ends=not body and not trailers)
        if body:
            self._body(stream, body, not trailers)
        if trailers:
            self.connection.send_headers(stream, [(name.lower(), value) for name, value in trailers], end_stream=True)

    def _do_stream(self, stream, message, behaviour):
        self._head(stream, 200, self.backend.lines(behaviour.get("headers")))
        trailers = self.backend.lines(behaviour.get("trailers"))
        pieces = behaviour.get("pieces", [])
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(behaviour.get("interval", 0))
            self._body(stream, self.backend.text(piece), not trailers and number == len(pieces) - 1)
        if trailers:
            self.connection.send_headers(stream, [(name.lower(), value) for name, value in trailers], end_stream=True)

    def _do_hints(self, stream, message, behaviour):
        for status in behaviour.get("statuses", [103]):
            self._head(stream, status, self.backend.lines(behaviour.get("hints")))
        self._do_echo(stream, message, {})

    def _do_reset(self, stream, message, behaviour):
        """RST_STREAM with `code`; with `body`, in the middle of an answer."""
        if behaviour.get("body"):
            self._head(stream, 200, [])
            self._body(stream, self.backend.text(behaviour["body"]), False)
        self.connection.reset_stream(stream, h2.errors.ErrorCodes[behaviour.get("code", "INTERNAL_ERROR")])

    def _do_http1(self, stream, message, behaviour):
        self.connection.reset_stream(stream, h2.errors.ErrorCodes.HTTP_1_1_REQUIRED)

    def _do_goaway(self, stream, message, behaviour):
        """GOAWAY that names `last` (this stream unless given), then the end of the connection. With `body` the answer comes
        in between."""
        last = behaviour.get("last", stream)
        if "body" not in behaviour:
            self.connection.close_connection(h2.errors.ErrorCodes[behaviour.get("code", "NO_ERROR")], last_stream_id=last)
            return False
        # The library takes a connection that it closed for dead: the frame goes past it.
        self.flush()
        self.wire.send(b"\0\0\x08\x07\0\0\0\0\0" + last.to_bytes(4, "big") + b"\0\0\0\0")
        self._do_fixed(stream, message, behaviour)
        return False

    def _do_close(self, stream, message, behaviour):
        return False
