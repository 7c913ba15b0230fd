"""The load: wrk, h2load and our own generators for throughput, plain sockets for probes and idle connections."""

import os
import re
import resource
import select
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from processes import BenchError, Server, tool


def get(port: int, host: str = "bench.test", path: str = "/", timeout: float = 2.0, secure: bool = False) -> int:
    """The status of one GET on a connection of its own; 0 when there was no answer."""
    try:
        with _connect(port, host, timeout, secure) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return _status(connection.recv(4096))
    except OSError:
        return 0


def _connect(port: int, host: str, timeout: float, secure: bool) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), timeout)
    if not secure:
        return plain
    # The certificate was made for this run, by nobody.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def _status(answer: bytes) -> int:
    match = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(match.group(1)) if match else 0


def is_whole(answer: bytes) -> bool:
    """Whether head and body of a response are there: some proxies send them in two pieces."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")


def answers(server: Server, host: str, path: str) -> bool:
    """Whether one GET is answered 200, by HTTP/2 where the server speaks nothing else."""
    if not server.http2:
        return get(server.port, host, path, secure=server.secure) == 200
    command = [tool("h2load"), "-n1", "-c1", f"http://127.0.0.1:{server.port}{path}"]
    return "status codes: 1 2xx" in subprocess.run(command, capture_output=True, text=True, timeout=20).stdout


def wait_until_answers(
    server: Server, host: str = "bench.test", path: str = "/", limit: float = 120.0, pause: float = 0.002
) -> float:
    """Asks until the answer is 200; returns the seconds since the server was started."""
    deadline = time.perf_counter() + limit
    while time.perf_counter() < deadline:
        server.check_alive()
        if answers(server, host, path):
            return time.perf_counter() - server.started
        time.sleep(pause)
    raise BenchError(
        f"{server.name} did not answer {host}{path} with 200 within {limit:.0f} s; its output is in {server.log}"
    )


@dataclass(frozen=True)
class Load:
    """What one run of a load generator saw."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0


def wrk(
    port: int,
    path: str,
    seconds: float,
    core: int,
    connections: int = 64,
    host: str = "bench.test",
    script: Path | None = None,
    arguments: list[str] | None = None,
    secure: bool = False,
    headers: dict[str, str] | None = None,
) -> Load:
    """Keep-alive load as fast as the proxy answers. Any error or status outside 2xx makes the run invalid."""
    command = [
        "taskset",
        "-c",
        str(core),
        tool("wrk"),
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "10s",
        "-H",
        f"Host: {host}",
        *(part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")),
    ]
    if script:
        command += ["-s", str(script)]
    command += [f"{'https' if secure else 'http'}://127.0.0.1:{port}{path}"] + (["--", *arguments] if arguments else [])
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    match = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)\b", run.stdout)
    if run.returncode or not match or "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        raise BenchError(f"invalid wrk run against port {port}:\n{run.stdout}{run.stderr}")
    unit = {"ms": 0.001, "s": 1.0, "m": 60.0}[match.group(3)]
    return Load(int(match.group(1)), float(match.group(2)) * unit)


def h2load(
    port: int, path: str, seconds: float, core: int, connections: int = 16, streams: int = 10, secure: bool = True
) -> Load:
    """HTTP/2 as fast as the proxy answers, over TLS or in clear, that many requests at once on each connection."""
    command = ["taskset", "-c", str(core), tool("h2load"), "-t1", f"-c{connections}", f"-m{streams}"]
    command += [f"-D{max(1, round(seconds))}", "--npn-list=h2"]
    command += [f"{'https' if secure else 'http'}://127.0.0.1:{port}{path}"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    finished = re.search(r"finished in ([\d.]+)(ms|s)", run.stdout)
    counts = re.search(r"(\d+) total, .*?(\d+) succeeded, (\d+) failed, (\d+) errored", run.stdout)
    statuses = re.search(r"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx", run.stdout)
    if run.returncode or not finished or not counts or not statuses or counts.group(3) != "0":
        raise BenchError(f"invalid h2load run against port {port}:\n{run.stdout}{run.stderr}")
    seconds = float(finished.group(1)) * (0.001 if finished.group(2) == "ms" else 1)
    return Load(int(statuses.group(1)), seconds)


def own_load(program: str, port: int, seconds: float, core: int, *arguments: object) -> Load:
    """One of our own load generators, which verify every answer and end with the first that is wrong."""
    command = ["taskset", "-c", str(core), program, str(port), str(max(1, round(seconds))), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    match = re.search(r"done=(\d+) seconds=([\d.]+)", run.stdout)
    if run.returncode or not match or match.group(1) == "0":
        raise BenchError(f"invalid run of {Path(program).name} against port {port}:\n{run.stdout}{run.stderr}")
    return Load(int(match.group(1)), float(match.group(2)))


class IdleConnections:
    """Many keep-alive connections that have had one answer each and now say nothing."""

    def __init__(self, port: int, count: int) -> None:
        """Opens `count` connections in steps of 100, each with one complete exchange."""
        self.sockets: list[socket.socket] = []
        request = b"GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n"
        while len(self.sockets) < count:
            batch = [
                socket.create_connection(("127.0.0.1", port), 5) for _ in range(min(100, count - len(self.sockets)))
            ]
            for connection in batch:
                connection.sendall(request)
            for connection in batch:
                answer = connection.recv(4096)
                if _status(answer) != 200:
                    raise BenchError(f"an idle connection to port {port} got no 200: {answer[:80]!r}")
            self.sockets += batch

    def count_open(self) -> int:
        """How many of them the proxy still keeps: a closed one would be readable."""
        poller = select.poll()
        for connection in self.sockets:
            poller.register(connection, select.POLLIN | select.POLLRDHUP)
        return len(self.sockets) - len(poller.poll(0))

    def close(self) -> None:
        """Closes all of them."""
        for connection in self.sockets:
            connection.close()


class Prober:
    """One keep-alive connection that asks the same proxy again and again, to see when a change becomes live."""

    def __init__(self, port: int) -> None:
        """Connects to 127.0.0.1:`port`."""
        self.connection = socket.create_connection(("127.0.0.1", port), 5)

    def status(self, host: str) -> int:
        """The status of one request for `host`; the body is read with the head, so it must be small."""
        self.connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        received = b""
        while True:
            part = self.connection.recv(65536)
            if not part:
                raise BenchError("the proxy closed the probing connection")
            received += part
            head, end, body = received.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if end and len(body) >= (int(length.group(1)) if length else 0):
                return _status(received)

    def close(self) -> None:
        """Closes the connection."""
        self.connection.close()


def raise_file_limit() -> None:
    """Lets this process and its children open enough sockets for the idle connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(65536, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < 8192 and os.geteuid() != 0:
        raise BenchError(f"at most {wanted} open files are allowed; run `ulimit -n 65536` first")
