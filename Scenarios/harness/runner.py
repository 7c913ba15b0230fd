"""Runs one scenario file against one target: servers up, process up, cases one after another, everything down."""

import json
import os
import re
import shutil
import socket
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

import yaml
from hyperframe.frame import SettingsFrame

from . import certificates, http2, tls
from .backends import Backend, describe
from .expectations import check_request, check_response, check_text, shorten
from .target import Target, free_port
from .wire import Wire, WireError

PLACEHOLDER = re.compile(r"\$\{([a-zA-Z0-9_.-]+)\}")
KEYS = {"about", "static", "dynamic", "files", "fileProvider", "arguments", "environment", "servers", "wait", "cases"}
ANSWER_TIMEOUT = 10  # seconds for one answer; the only upper bound on time unless a case sets `within`


@dataclass
class Result:
    case: str
    target: str
    problems: list
    transcript: list = field(default_factory=list)
    different: bool = False  # judged by the deliberate difference of this target
    pending: bool = False  # listed in pending.txt


class Scenario:
    """One parsed file."""

    def __init__(self, path, root):
        self.path = path
        self.name = os.path.relpath(path, root)[: -len(".yaml")]
        with open(path, encoding="utf-8") as file:
            self.content = yaml.safe_load(file)
        unknown = set(self.content) - KEYS
        if unknown:
            raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
        names = [case["name"] for case in self.content["cases"]]
        doubled = [name for name, count in Counter(names).items() if count > 1]
        if doubled:
            raise ValueError(f"{path}: two cases named {doubled}")

    @property
    def cases(self):
        return self.content["cases"]

    def identifier(self, case):
        return f"{self.name}: {case['name']}"


class Run:
    """A scenario against a target."""

    def __init__(self, scenario, target_name, binary, selected, deadline):
        self.scenario, self.target_name, self.binary = scenario, target_name, binary
        self.selected, self.deadline = selected, deadline
        self.servers = {}
        self.values = {}
        self.wires = {}
        self.transcript = []

    # Set-up.

    def results(self):
        """Runs the selected cases; a target that does not start fails them all."""
        directory = tempfile.mkdtemp(prefix="scenario-")
        self.target = Target(self.target_name, self.binary, directory)
        try:
            self._prepare(directory)
            return [self._case(case) for case in self.scenario.cases if case["name"] in self.selected]
        except (RuntimeError, OSError, ValueError) as error:
            return [Result(self.scenario.identifier(case), self.target_name, [str(error)])
                    for case in self.scenario.cases if case["name"] in self.selected]
        finally:
            self.target.stop()
            for server in self.servers.values():
                server.stop()
            shutil.rmtree(directory, ignore_errors=True)

    def _prepare(self, directory):
        content = self.scenario.content
        static = content.get("static") or {}
        for name in ["web", "traefik", *(static.get("entryPoints") or {})]:
            self.target.ports.setdefault(name, free_port())
        self.values = {"dir": directory, "closed": f"http://127.0.0.1:{free_port()}", "hostname": socket.gethostname()}
        if "${certificate." in json.dumps(content):
            self.values |= certificates.copy_into(directory)
        self.values |= {f"port.{name}": str(port) for name, port in self.target.ports.items()}
        for name, behaviour in (content.get("servers") or {}).items():
            server = Backend(name, self.filled(behaviour))
            self.servers[name] = server
            self.values[f"backend.{name}"] = server.url
            self.values[f"port.{name}"] = str(server.port)
        for name, text in (content.get("files") or {}).items():
            self._write(name, text)
        dynamic = content.get("dynamic")
        if dynamic is not None:
            self._write("dynamic.yaml", dynamic if isinstance(dynamic, str) else yaml.safe_dump(dynamic))
        provider = self.filled(content.get("fileProvider") or {"filename": "${dir}/dynamic.yaml"})
        path = self.target.write_static(self.filled(static), provider)
        self.values["configuration"] = path
        if content.get("wait") != "none":
            alone = "arguments" in content or "environment" in content
            arguments = content.get("arguments", []) if alone else [f"--configFile={path}"]
            variables = self.filled(content.get("environment"))
            self.target.start(self.filled(arguments), variables, content.get("wait", "@file"))

    def _write(self, name, text):
        path = os.path.join(self.target.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(self.filled(text if isinstance(text, str) else yaml.safe_dump(text)))
        os.replace(path + ".new", path)

    def filled(self, value):
        """Fills ${…} placeholders in every text of a structure; unknown ones stay as they are."""
        if isinstance(value, str):
            return PLACEHOLDER.sub(lambda match: self.values.get(match.group(1), match.group(0)), value)
        if isinstance(value, dict):
            return {self.filled(key): self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return value

    # Cases.

    def _case(self, case):
        if time.monotonic() > self.deadline:
            return Result(self.scenario.identifier(case), self.target_name, ["not run: the time limit was reached"])
        case = self.filled(case)
        steps = case.get("steps") or [{key: item for key, item in case.items() if key not in ("name", "differs")}]
        difference = (case.get("differs") or {}).get(self.target_name)
        if difference is not None:
            overrides = difference if isinstance(difference, list) else [None] * (len(steps) - 1) + [difference]
            steps = [step if change is None else {**step, "expect": change} for step, change in zip(steps, overrides)]
        for server in self.servers.values():
            server.forget()
        self.transcript = []
        problems = []
        for number, step in enumerate(steps, 1):
            try:
                found = self._step(step)
            except Exception as error:  # whatever a step runs into fails its case, not the run
                found = [f"{type(error).__name__}: {error}"]
            problems += [f"step {number}: {problem}" if len(steps) > 1 else problem for problem in found]
            if found:
                break
        for name, wire in self.wires.items():
            self.transcript.append((f"received on {name}", bytes(wire.received).decode("latin-1")))
            wire.close()
        self.wires = {}
        for name, server in self.servers.items():
            for message in server.seen:
                self.transcript.append((f"request at {name}", json.dumps(describe(message), indent=1)))
        return Result(self.scenario.identifier(case), self.target_name, problems, self.transcript,
                      different=difference is not None)

    def _step(self, step):
        if "write" in step:
            for name, text in step["write"].items():
                self._write(name, text)
            return []
        if "copy" in step:
            for name, source in step["copy"].items():
                shutil.copyfile(source, os.path.join(self.target.directory, name))
            return []
        if "remove" in step:
            os.remove(os.path.join(self.target.directory, step["remove"]))
            return []
        if "pause" in step:
            time.sleep(step["pause"])
            return []
        if "signal" in step:
            self.target.signal(step["signal"])
            return []
        if "exits" in step:
            code = self.target.exit_code(step.get("within", 12))
            return [] if code == step["exits"] else [f"exit: expected {step['exits']}, got {code}"]
        if "command" in step:
            return self._command(step)
        if "log" in step:
            return self._log(step["log"])
        if step.get("eventually"):
            return self._eventually(step)
        if "repeat" in step:
            return self._repeat(step)
        return self._exchange(step)

    def _command(self, step):
        code, output = self.target.run_command(step["command"])
        expected = step.get("expect", {})
        problems = []
        if "exit" in expected and code != expected["exit"]:
            problems.append(f"exit: expected {expected['exit']}, got {code} with {shorten(output)}")
        if "output" in expected:
            problems += check_text("output", output, expected["output"])
        return problems

    def _log(self, expected):
        """A file below the directory against its expected text, within 3 s."""
        deadline = time.monotonic() + 3
        while True:
            with open(os.path.join(self.target.directory, expected["file"]), encoding="utf-8") as file:
                problems = check_text(expected["file"], file.read(), expected["text"])
            if not problems or time.monotonic() > deadline:
                return problems
            time.sleep(0.05)

    def _eventually(self, step):
        """Repeats a request on fresh connections until it is as expected, 8 s at most."""
        deadline = time.monotonic() + 8
        while True:
            self._drop(step)
            try:
                problems = self._exchange(step)
            except (WireError, OSError, tls.Refused) as error:
                problems = [f"{type(error).__name__}: {error}"]
            if not problems or time.monotonic() > deadline:
                return problems
            time.sleep(0.05)

    def _repeat(self, step):
        """N equal requests; `distribution` counts which backend answered each."""
        expected = step.get("expect", {})
        counts, problems = Counter(), []
        for _ in range(step["repeat"]):
            message = self._send_and_read(step)
            problems += check_response(message, {k: v for k, v in expected.items() if k != "saw"})
            try:
                counts[json.loads(message.body).get("server")] += 1
            except ValueError:
                counts[str(message.status)] += 1
            if problems:
                return problems
        if len(counts) != expected.get("distinct", len(counts)):
            problems.append(f"expected {expected['distinct']} different backends, got {dict(counts)}")
        for name, wanted in (expected.get("distribution") or {}).items():
            low, high = wanted if isinstance(wanted, list) else (wanted, wanted)
            if not low <= counts[name] <= high:
                problems.append(f"distribution: expected {wanted} answers of {name}, got {dict(counts)}")
        return problems

    # One exchange.

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
            if "tls" in step:
                connection = tls.connect(connection, step["tls"] or {}, step.get("http2"))
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
