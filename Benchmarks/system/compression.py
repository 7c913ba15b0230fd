"""Answers compressed with gzip."""

import threading
import time
import zlib
from dataclasses import replace
from http.client import HTTPConnection

import samples
from clients import Load
from processes import BenchError, Server
from rounds import Effort, Row, Rows, cost, in_parts, one_server
from setting import Bench, Work
from targets import COMPRESSING_TARGETS, TARGETS

CONNECTIONS = 4


class _Client(threading.Thread):
    """Asks one path again and again over one connection, until its time is up, and compares what it gets."""

    def __init__(self, port: int, path: str, expected: bytes, until: float) -> None:
        super().__init__()
        self.port, self.path, self.expected, self.until = port, path, expected, until
        self.answered, self.received = 0, 0
        self.problem = ""

    def run(self) -> None:
        """A request that was begun is seen to its end, so that all CPU time belongs to answers that are counted."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            while not self.problem and time.perf_counter() < self.until:
                connection.request("GET", self.path, headers={"Host": "bench.test", "Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200 or answer.getheader("Content-Encoding") != "gzip":
                    self.problem = f"status {answer.status}, {answer.getheader('Content-Encoding')!r} instead of gzip"
                elif zlib.decompress(body, 31) != self.expected:
                    self.problem = "the answer unpacks to something else"
                self.answered += 1
                self.received += len(body)
        except (OSError, zlib.error) as error:
            self.problem = f"{type(error).__name__}: {error}"
        finally:
            connection.close()


def _load(port: int, path: str, expected: bytes, seconds: float) -> tuple[Load, float]:
    """Keep-alive load for that long, and the mean length of an answer as it was sent, in bytes."""
    began = time.perf_counter()
    clients = [_Client(port, path, expected, began + seconds) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for client in clients:
        if client.problem:
            raise BenchError(f"invalid run of {path} against port {port}: {client.problem}")
    answered = sum(client.answered for client in clients)
    return Load(answered, time.perf_counter() - began), sum(client.received for client in clients) / answered


def compress(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU for 100 KiB of JSON and for a megabyte of text, compressed with gzip, and what is left of them."""
    bodies = {name: sample() for name, sample in samples.SAMPLES.items()}

    def measure(server: Server, kind: str, seconds: float) -> Row:
        sizes: list[float] = []

        def load() -> Load:
            run, size = _load(server.port, f"/{kind}", bodies[kind], seconds)
            sizes.append(size)
            return run

        cpu, _ = cost(server, load)
        row = {f"cpu_us_{kind}": cpu, f"kib_{kind}": sizes[0] / 1024}
        return row | ({"mib_per_cpu_s": len(bodies[kind]) / 1.048576 / cpu} if kind == "text" else {})

    work = Work("compress", gzip=True)
    chosen = [name for name in names if name in COMPRESSING_TARGETS]
    start = one_server(lambda name: TARGETS[name](bench, work))
    return in_parts(chosen, bodies, start, replace(effort, seconds=1), measure)
