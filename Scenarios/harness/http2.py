"""HTTP/2 for the steps of a case. Frames are written and read one by one, so a case can break any rule, and a peer that
breaks flow control is found out."""

import ssl

import hpack
from hyperframe.frame import (ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame,
                              SettingsFrame, WindowUpdateFrame)

from .wire import Message, WireError

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
CODES = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
         "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
         "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"]
DEFAULT_WINDOW = 65535  # octets, RFC 9113 section 6.9.2


def code_name(number):
    return CODES[number] if number < len(CODES) else str(number)


class Stream:
    """One request: its answer so far and both windows."""

    def __init__(self, number, send_window, receive_window):
        self.number = number
        self.message = None
        self.interim = []
        self.ended = False
        self.reset = None
        self.body = bytearray()
        self.send_window, self.receive_window = send_window, receive_window


class Session:
    """The client's end of one connection. `settings` are ours, by name; `grant` false never enlarges a window."""

    def __init__(self, wire, settings=None, grant=True):
        self.wire, self.grant = wire, grant
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.decoder.max_header_list_size = 1 << 22
        self.streams, self.next_number, self.goaway = {}, 1, None
        self.send_window = self.receive_window = DEFAULT_WINDOW
        self.peer = {SettingsFrame.INITIAL_WINDOW_SIZE: DEFAULT_WINDOW, SettingsFrame.MAX_FRAME_SIZE: 16384}
        self.pings, self.settings_seen = 0, False
        ours = {getattr(SettingsFrame, name): value for name, value in (settings or {}).items()}
        self.own_window = ours.get(SettingsFrame.INITIAL_WINDOW_SIZE, DEFAULT_WINDOW)
        wire.send(PREFACE + SettingsFrame(0, settings=ours).serialize())
        if grant:
            self.receive_window += 1 << 24
            self.write(WindowUpdateFrame(0, window_increment=1 << 24))

    def write(self, frame):
        """A peer that closed is found out by reading: what it sent before is still to be had."""
        try:
            self.wire.send(frame.serialize())
        except (ConnectionError, ssl.SSLError):
            pass

    # Requests.

    def begin(self, pairs, body, trailers, frame_size=None):
        """Sends a whole request, as fast as the peer's windows let it; gives up the body once the stream is over."""
        if not self.settings_seen and body:
            self.read()
        stream = Stream(self.next_number, self.peer[SettingsFrame.INITIAL_WINDOW_SIZE], self.own_window)
        self.next_number += 2
        self.streams[stream.number] = stream
        self._headers(stream.number, pairs, ends=body is None and not trailers)
        if body is not None:
            self._data(stream, body, ends=not trailers, limit=frame_size)
        if trailers and not stream.ended:
            self._headers(stream.number, trailers, ends=True)
        return stream

    def _headers(self, number, pairs, ends):
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
        block = self.encoder.encode(fields, huffman=all(len(value) < 4096 for _, value in fields))  # else it takes seconds
        size = self.peer[SettingsFrame.MAX_FRAME_SIZE]
        pieces = [block[start:start + size] for start in range(0, len(block), size)] or [b""]
        frames = [HeadersFrame(number, data=pieces[0])] + [ContinuationFrame(number, data=piece) for piece in pieces[1:]]
        if ends:
            frames[0].flags.add("END_STREAM")
        frames[-1].flags.add("END_HEADERS")
        self.wire.send(b"".join(frame.serialize() for frame in frames))

    def _data(self, stream, body, ends, limit):
        sent = 0
        while not stream.ended:
            room = min(self.send_window, stream.send_window, limit or self.peer[SettingsFrame.MAX_FRAME_SIZE])
            piece = body[sent:sent + max(room, 0)]
            if body and not piece:
                self.read()
                continue
            sent += len(piece)
            self.send_window -= len(piece)
            stream.send_window -= len(piece)
            frame = DataFrame(stream.number, data=piece)
            if sent == len(body):
                if ends:
                    frame.flags.add("END_STREAM")
                self.write(frame)
                return
            self.write(frame)

    def cancel(self, stream, code="CANCEL"):
        self.write(RstStreamFrame(stream.number, error_code=CODES.index(code)))
        stream.ended = True

    def ping(self):
        """Waits for the answer to a PING: the peer has read everything before it."""
        wanted = self.pings + 1
        self.write(PingFrame(0, opaque_data=b"scenario"))
        while self.pings < wanted:
            self.read()

    # Answers.

    def answer(self, stream):
        """Reads until the stream has ended; the answer as a Message, `reset` holds the name of a code."""
        while not stream.ended:
            try:
                self.read()
            except WireError:
                if stream.message is None and self.goaway is None:
                    raise
                break
        message = stream.message or Message()
        message.body, message.informational = bytes(stream.body), stream.interim
        message.complete = stream.ended and stream.reset in (None, "NO_ERROR")
        return message

    def until_goaway(self):
        while self.goaway is None:
            self.read()
        return self.goaway

    def read(self):
        """Reads and handles one frame."""
        frame, length = Frame.parse_frame_header(memoryview(self.wire.exactly(9)))
        frame.parse_body(memoryview(self.wire.exactly(length)))
        stream = self.streams.get(frame.stream_id)
        if isinstance(frame, SettingsFrame):
            self._settings(frame)
        elif isinstance(frame, PingFrame):
            if "ACK" in frame.flags:
                self.pings += 1
            else:
                self.write(PingFrame(0, opaque_data=frame.opaque_data, flags=["ACK"]))
        elif isinstance(frame, GoAwayFrame):
            self.goaway = code_name(frame.error_code)
            self.last_stream = frame.last_stream_id
        elif isinstance(frame, WindowUpdateFrame):
            if frame.stream_id == 0:
                self.send_window += frame.window_increment
            elif stream:
                stream.send_window += frame.window_increment
        elif isinstance(frame, HeadersFrame):
            self._answer_fields(frame, stream)
        elif isinstance(frame, DataFrame):
            self._answer_data(frame, stream)
        elif isinstance(frame, RstStreamFrame) and stream:
            stream.reset, stream.ended = code_name(frame.error_code), True

    def _settings(self, frame):
        self.settings_seen = True
        if "ACK" in frame.flags:
            return
        before = self.peer[SettingsFrame.INITIAL_WINDOW_SIZE]
        self.peer.update(frame.settings)
        for stream in self.streams.values():
            stream.send_window += self.peer[SettingsFrame.INITIAL_WINDOW_SIZE] - before
        self.write(SettingsFrame(0, flags=["ACK"]))

    def _answer_fields(self, frame, stream):
        block, last = frame.data, frame
        while "END_HEADERS" not in last.flags:
            last, length = Frame.parse_frame_header(memoryview(self.wire.exactly(9)))
            last.parse_body(memoryview(self.wire.exactly(length)))
            if not isinstance(last, ContinuationFrame):
                raise WireError(f"{type(last).__name__} within a header block")
            block += last.data
        fields = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in self.decoder.decode(block, raw=True)]
        if stream is None:
            return
        if any(name != name.lower() for name, _ in fields):
            raise WireError(f"a field name in upper case: {fields}")
        if stream.message is not None:
            stream.message.trailers = fields
        else:
            status = dict(map(tuple, fields)).get(":status", "")
            message = Message(start=f"HTTP/2 {status}", headers=[pair for pair in fields if pair[0] != ":status"])
            if status.startswith("1"):
                stream.interim.append(message)
            else:
                stream.message = message
        stream.ended = stream.ended or "END_STREAM" in frame.flags

    def _answer_data(self, frame, stream):
        size = frame.flow_controlled_length
        self.receive_window -= size
        if stream:
            stream.receive_window -= size
            stream.body += frame.data
            stream.ended = stream.ended or "END_STREAM" in frame.flags
        if self.receive_window < 0 or (stream and stream.receive_window < 0):
            raise WireError("the peer sent more than the window allows")
        if self.grant and size:
            self.receive_window += size
            self.write(WindowUpdateFrame(0, window_increment=size))
            if stream and not stream.ended:
                stream.receive_window += size
                self.write(WindowUpdateFrame(stream.number, window_increment=size))


def fields_of(step, secure):
    """The header list of a step: its `pseudo` fields, or those its parts imply, then its headers as written."""
    body = step.get("body")
    pairs = step.get("pseudo")
    if pairs is None:
        pairs = [[":method", step.get("method", "GET")], [":scheme", "https" if secure else "http"],
                 [":path", step.get("path", "/")]]
        if step.get("host", "a.test") is not None:
            pairs.append([":authority", step.get("host", "a.test")])
    headers = step.get("headers") or []
    pairs = [*pairs, *(headers.items() if isinstance(headers, dict) else headers)]
    if body is not None and step.get("length", True):
        size = len(body["repeat"]) * body["times"] if isinstance(body, dict) else len(str(body))
        pairs.append(["content-length", str(size)])
    return [[name, value["repeat"] * value["times"] if isinstance(value, dict) else str(value)] for name, value in pairs]


def body_of(step):
    body = step.get("body")
    if body is None:
        return None
    return (body["repeat"] * body["times"] if isinstance(body, dict) else str(body)).encode("latin-1")
