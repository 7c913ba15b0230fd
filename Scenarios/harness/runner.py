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

from . import certificates, sticky, tls
from .backends import Backend, describe
from .exchanges import Exchanges
from .expectations import check_response, check_text, shorten
from .redis import RedisServer
from .target import Target, free_port
from .wire import WireError

PLACEHOLDER = re.compile(r"\$\{([a-zA-Z0-9_.:@-]+)\}")
KEYS = {"about", "static", "dynamic", "files", "fileProvider", "arguments", "environment", "servers", "twin", "wait", "only",
        "cases"}
ACTIONS = {"start": RedisServer.start, "end": RedisServer.end, "hold": RedisServer.hold, "release": RedisServer.release}


def within(seconds, attempt):
    """The problems that `attempt` returns, called anew until there are none, for so many seconds at most."""
    deadline = time.monotonic() + seconds
    while (problems := attempt()) and time.monotonic() <= deadline:
        time.sleep(0.05)
    return problems


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

    def is_for(self, target):
        """Whether `target` knows the options the file is about."""
        return self.content.get("only", target) == target

    def identifier(self, case):
        return f"{self.name}: {case['name']}"


class Run(Exchanges):
    """A scenario against a target."""

    def __init__(self, scenario, target_name, binary, selected, deadline, reference):
        self.scenario, self.target_name, self.binary, self.reference = scenario, target_name, binary, reference
        self.twin = None
        self.selected, self.deadline = selected, deadline
        self.servers = {}
        self.values = {}
        self.wires = {}
        self.sessions = {}
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
            if self.twin:
                self.twin.stop()
                shutil.rmtree(self.twin.directory, ignore_errors=True)
            for server in self.servers.values():
                server.stop()
            shutil.rmtree(directory, ignore_errors=True)

    def _prepare(self, directory):
        content = self.scenario.content
        static = content.get("static") or {}
        for name in ["web", "traefik", *(static.get("entryPoints") or {})]:
            self.target.ports.setdefault(name, free_port())
        self.values = {"dir": directory, "closed": f"http://127.0.0.1:{free_port()}", "hostname": socket.gethostname()}
        if "${certificate." in json.dumps(content) or "${content." in json.dumps(content):
            self.values |= certificates.copy_into(directory)
        self.values |= {f"port.{name}": str(port) for name, port in self.target.ports.items()}
        for name, behaviour in (content.get("servers") or {}).items():
            behaviour = self.filled(behaviour)
            server = (RedisServer if (behaviour or {}).get("kind") == "redis" else Backend)(name, behaviour)
            self.servers[name] = server
            self.values[f"backend.{name}"] = server.url
            self.values |= {f"{form}.{name}": value for form, value in sticky.values(server.url).items()}
            self.values[f"port.{name}"] = str(server.port)
            if isinstance(server, RedisServer):
                self.values[f"bus.{name}"] = str(server.bus)
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
        if content.get("twin"):
            self._start_twin(self.filled(static), provider)

    def _start_twin(self, static, provider):
        """A Traefik beside the program under test, with the same configuration; its entry point `web` is called `twin`."""
        self.twin = Target("twin", self.reference, tempfile.mkdtemp(prefix="scenario-twin-"))
        self.twin.ports = {name: free_port() for name in self.target.ports}
        self.twin.start([f"--configFile={self.twin.write_static(static, provider)}"], {}, "@file")
        self.target.ports["twin"] = self.twin.ports["web"]

    def _write(self, name, text):
        path = os.path.join(self.target.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(self.filled(text if isinstance(text, str) else yaml.safe_dump(text)))
        os.replace(path + ".new", path)

    def filled(self, value):
        """Fills ${…} placeholders in every text of a structure; unknown ones stay as they are."""
        if isinstance(value, str):
            return PLACEHOLDER.sub(lambda match: self._value(match.group(1), match.group(0)), value)
        if isinstance(value, dict):
            return {self.filled(key): self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return value

    def _value(self, name, otherwise):
        """What a placeholder stands for; `sha:TEXT` is the sticky cookie's value for a service of that name."""
        if name.startswith("sha:"):
            return sticky.values(name[4:])["sha"]
        return self.values.get(name, otherwise)

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
                found = [f"{type(error).__name__}: {error}", *self._epitaph()]
            problems += [f"step {number}: {problem}" if len(steps) > 1 else problem for problem in found]
            if found:
                break
        for name, wire in self.wires.items():
            self.transcript.append((f"received on {name}", bytes(wire.received).decode("latin-1")))
            wire.close()
        self.wires, self.sessions = {}, {}
        for name, server in self.servers.items():
            for message in server.seen:
                self.transcript.append((f"request at {name}", json.dumps(describe(message), indent=1)))
        return Result(self.scenario.identifier(case), self.target_name, problems, self.transcript,
                      different=difference is not None)

    def _epitaph(self):
        """How the program under test ended, if it did, and its last words."""
        process = self.target.process
        if process is None or process.poll() is None:
            return []
        return [f"the program has ended with {process.returncode}:\n{self.target.log_tail()}"]

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
        if "sees" in step:
            return self._sees(step["sees"])
        if "signal" in step:
            self.target.signal(step["signal"])
            return []
        if "exits" in step:
            code = self.target.exit_code(step.get("within", 12))
            return [] if code == step["exits"] else [f"exit: expected {step['exits']}, got {code}"]
        if "command" in step:
            return self._command(step)
        if "redis" in step:
            return self._redis(step["redis"])
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

    def _redis(self, step):
        """`start`, `end`, `hold` or `release` a Redis server; or a command of redis-cli and its answer."""
        server = self.servers[step["server"]]
        if "action" in step:
            ACTIONS[step["action"]](server)
            return []

        def attempt():
            answer = server.command(step["command"])
            return check_text("answer of Redis", answer, step["answer"]) if "answer" in step else []

        return within(8, attempt) if step.get("eventually") else attempt()

    def _log(self, expected):
        """A file below the directory against its expected text, within 3 s."""

        def attempt():
            with open(os.path.join(self.target.directory, expected["file"]), encoding="utf-8") as file:
                return check_text(expected["file"], file.read(), expected["text"])

        return within(3, attempt)

    def _sees(self, expected):
        """What backends saw, within 3 s: for requests that nobody waits for."""
        return within(3, lambda: self._check_servers({"saw": expected}))

    def _eventually(self, step):
        """Repeats a request on fresh connections until it is as expected, 8 s at most."""

        def attempt():
            self._drop(step)
            try:
                return self._exchange(step)
            except (WireError, OSError, tls.Refused) as error:
                return [f"{type(error).__name__}: {error}"]

        return within(8, attempt)

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
