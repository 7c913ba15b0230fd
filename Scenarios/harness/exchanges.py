"""One exchange of a case: what goes out on which connection, and what is read and compared afterwards."""

import json
import socket
import time

from hyperframe.frame import SettingsFrame

from . import digest, http2, tls
from .backends import describe
from .expectations import check_request, check_response, check_text
from .wire import Wire, WireError

ANSWER_TIMEOUT = 10  # seconds for one answer; the only upper bound on time unless a case sets `within`


def send_prelude(connection, pieces):
    """What comes before TLS and HTTP: one text, or several that arrive one by one; latin-1."""
    for number, piece in enumerate([pieces] if isinstance(pieces, str) else pieces or []):
        if number:
            time.sleep(0.05)
        connection.sendall(piece.encode("latin-1"))


class Exchanges:
    """The part of a Run that talks to the target; needs its `target`, `servers`, `wires`, `sessions` and
    `transcript`."""

    def _drop(self, step):
        wire = self.wires.pop(step.get("connection", "main"), None)
        if wire:
            wire.close()

    def _wire(self, step):
        """The connection a step names; opened on first use and again after the other side closed it."""
        name = step.get("connection", "main")
        if name not in self.wires or step.get("fresh"):
            self._drop(step)
            port = self.target.ports[step.get("entryPoint", "web")]
            connection = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_TIMEOUT)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            send_prelude(connection, step.get("prelude"))
            if "tls" in step:
                connection = tls.connect(connection, step["tls"] or {}, step.get("http2"), self.sessions)
            self.wires[name] = Wire(connection)
            if step.get("http2"):
                self.wires[name].session = http2.Session(self.wires[name], step.get("settings"), step.get("grant", True))
        wire = self.wires[name]
        wire.socket.settimeout(step.get("within", ANSWER_TIMEOUT))
        return wire

    def _send_and_read(self, step):
        wire = self._wire(step)
        if wire.session:
            return wire.session.answer(self._begin(wire, step))
        data = bytes_of(step)
        self.transcript.append(("sent", data.decode("latin-1")))
        wire.send(data)
        return wire.response(method_of(step))

    def _exchange(self, step):
        if "digest" in step:
            step = digest.answered(self, step)
        expected = step.get("expect", {})
        if "refused" in expected.get("tls", {}):
            return self._refused(step, expected)
        wire = self._wire(step)
        problems = tls.check(wire.socket, expected["tls"]) if "tls" in expected else []
        if problems:
            return problems
        if wire.session:
            return self._exchange_http2(wire, step, expected)
        began = time.monotonic()
        data = bytes_of(step)
        self.transcript.append(("sent", data.decode("latin-1")))
        if "halt" in step:
            wire.send(data[: step["halt"]["at"]])
            time.sleep(step["halt"]["seconds"])
            data = data[step["halt"]["at"] :]
        if data:
            wire.send(data)
        if step.get("half_close"):
            wire.socket.shutdown(socket.SHUT_WR)
        problems = []
        answers = step.get("expects") or [expected]
        if "tunnel" in expected:
            got = wire.exactly(len(expected["tunnel"])).decode("latin-1")
            problems += check_text("tunnelled bytes", got, expected["tunnel"])
        elif expected.get("no_answer"):
            wire.is_closed(expected["no_answer"])
            if wire.buffer:
                problems.append(f"expected no byte, got {bytes(wire.buffer)!r}")
        elif expected.get("aborted"):
            problems += self._check_aborted(wire, step)
        else:
            for number, wanted in enumerate(answers, 1):
                message = wire.response(method_of(step))
                digest.remember(self, message)
                label = f"answer {number}: " if len(answers) > 1 else ""
                problems += [label + problem for problem in check_response(message, wanted)]
        took = time.monotonic() - began
        if took < expected.get("at_least", 0):
            problems.append(f"answered after {took:.2f} s, expected at least {expected['at_least']}")
        return problems + self._check_afterwards(wire, expected, step)

    def _refused(self, step, expected):
        """The connection must end by the alert that is expected, in the handshake or (TLS 1.3) at the first byte read."""
        try:
            wire = self._wire(step)
            if wire.session is None:
                wire.send(bytes_of(step))
            found = f"an answer: {bytes(wire.received[:80])!r}" if wire.fill() else wire.alert or "closed"
            self._drop(step)
        except tls.Refused as error:
            found = str(error)
        except OSError:
            found = "closed"
        except WireError as error:
            found = f"nothing ({error})"
        wanted = expected["tls"]["refused"]
        allowed = wanted if isinstance(wanted, list) else [wanted]
        problems = [] if found in allowed else [f"tls.refused: expected {wanted}, got {found}"]
        return problems + self._check_servers(expected)

    def _begin(self, wire, step):
        """Sends the request of a step on an HTTP/2 connection."""
        pairs = http2.fields_of(step, "tls" in step)
        self.transcript.append(("sent", json.dumps(pairs)))
        trailers = step.get("trailers") or []
        trailers = [list(pair) for pair in (trailers.items() if isinstance(trailers, dict) else trailers)]
        return wire.session.begin(pairs, http2.body_of(step), trailers)

    def _exchange_http2(self, wire, step, expected):
        """`octets` as written, else a request (`streams` equal ones at once), then the answers, a reset or a GOAWAY."""
        session = wire.session
        if "octets" in step:
            wire.send(bytes.fromhex(step["octets"]))
        elif "method" in step or "path" in step or "pseudo" in step:
            wire.open = [self._begin(wire, step) for _ in range(step.get("streams", 1))]
        if step.get("cancel"):
            time.sleep(step.get("after", 0))
            for stream in wire.open:
                session.cancel(stream, step["cancel"])
            session.ping()
            return self._check_afterwards(wire, expected, step)
        problems = []
        if "goaway" in expected:
            found = session.until_goaway()
            problems += [] if found == expected["goaway"] else [f"goaway: expected {expected['goaway']}, got {found}"]
        if step.get("answers", True) and "octets" not in step:
            for stream in wire.open:
                message = session.answer(stream)
                if "reset" in expected:
                    wanted = expected["reset"] if isinstance(expected["reset"], list) else [expected["reset"]]
                    if stream.reset not in wanted:
                        problems.append(f"reset: expected {expected['reset']}, got {stream.reset or message.start!r}")
                elif stream.reset not in (None, "NO_ERROR") and "complete" not in expected:
                    problems.append(f"the stream was reset: {stream.reset}")
                elif not message.start and "goaway" not in expected:
                    problems.append(f"no answer, GOAWAY {session.goaway}")
                problems += check_response(message, expected)
        for name, wanted in (expected.get("settings") or {}).items():
            found = session.peer.get(getattr(SettingsFrame, name))
            problems += [] if found == wanted else [f"settings.{name}: expected {wanted}, got {found}"]
        return problems + self._check_afterwards(wire, expected, step)

    @staticmethod
    def _check_aborted(wire, step):
        """The answer must be recognisable as cut short: no answer at all, or an incomplete one."""
        try:
            message = wire.response(method_of(step))
        except WireError:
            return []
        return [f"expected an aborted answer, got a whole one: {message.start!r}"] if message.complete else []

    def _check_afterwards(self, wire, expected, step):
        problems = []
        if "closed" in expected:
            closed = wire.is_closed(3 if expected["closed"] else 0.15)
            if closed != expected["closed"]:
                problems.append(f"connection: expected {'closed' if expected['closed'] else 'open'}, it was not")
        problems += self._check_servers(expected)
        if wire.is_closed(0) if wire.socket.fileno() >= 0 and not wire.buffer else False:
            self._drop_wire(wire)
        return problems

    def _check_servers(self, expected):
        """`saw` and `connections` of an expectation."""
        problems = []
        for name, wanted in (expected.get("saw") or {}).items():
            seen = self.servers[name].seen
            if wanted is None:
                problems += [f"backend {name} saw {seen[-1].start!r}, expected nothing"] if seen else []
            elif isinstance(wanted, int):
                if len(seen) != wanted:
                    problems.append(f"backend {name} saw {len(seen)} requests, expected {wanted}")
            elif not seen:
                problems.append(f"backend {name} saw nothing")
            else:
                problems += check_request(f"seen by {name}", describe(seen[-1]), wanted)
        for name, wanted in (expected.get("connections") or {}).items():
            if self.servers[name].connections != wanted:
                problems.append(f"backend {name} got {self.servers[name].connections} connections, expected {wanted}")
        return problems

    def _drop_wire(self, wire):
        """Keeps the bytes of a closed connection for the transcript and forgets it."""
        for name, known in list(self.wires.items()):
            if known is wire:
                self.transcript.append((f"received on {name}", bytes(wire.received).decode("latin-1")))
                wire.close()
                del self.wires[name]


def method_of(step):
    if "method" in step:
        return step["method"]
    return step.get("send", "GET").lstrip("\r\n").split(" ")[0]


def repeated(value):
    """Text, or {repeat: text, times: N} for long ones."""
    return value["repeat"] * value["times"] if isinstance(value, dict) else str(value)


def bytes_of(step):
    """The bytes of a step: `send` as written (latin-1), else a request built from its parts, nothing added but
    Host, and Content-Length or Transfer-Encoding when there is a body."""
    if "send" in step:
        return str(step["send"]).encode("latin-1")
    if "method" not in step and "path" not in step:
        return b""
    lines = [f"{step.get('method', 'GET')} {step.get('path', '/')} {step.get('version', 'HTTP/1.1')}"]
    headers = step.get("headers") or []
    pairs = [list(pair) for pair in (headers.items() if isinstance(headers, dict) else headers)]
    host = step.get("host", "a.test")
    if host is not None:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {repeated(value)}" for name, value in pairs]
    body = step.get("body")
    body = body if body is None else repeated(body)
    if "chunks" in step:
        trailers = step.get("trailers") or {}
        if trailers:
            lines.append("Trailer: " + ", ".join(trailers))
        lines.append("Transfer-Encoding: chunked")
        pieces = "".join(f"{len(piece):x}\r\n{piece}\r\n" for piece in step["chunks"])
        body = pieces + "0\r\n" + "".join(f"{n}: {v}\r\n" for n, v in trailers.items()) + "\r\n"
    elif body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode("latin-1")
