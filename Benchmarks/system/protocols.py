"""TLS, HTTP/2, gRPC and WebSockets."""

from collections.abc import Callable

import origins
from clients import h2load, own_load
from plain import throughput
from processes import Server
from rounds import Effort, Row, Rows, cost, in_parts, interleaved
from setting import Bench, Work
from targets import CLEAR_TARGETS, TARGETS, TLS_TARGETS


def tls_h1(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 64 keep-alive connections with TLS 1.3 and HTTP/1.1."""
    return interleaved(
        [name for name in names if name in TLS_TARGETS],
        lambda name: TARGETS[name](bench, Work("tls", key="ecdsa")),
        effort,
        lambda server, seconds: throughput(bench, server, "/", seconds, secure=True),
    )


def tls_h2(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 16 connections with TLS 1.3 and HTTP/2, 10 requests at once on each."""

    def measure(server: Server, seconds: float) -> Row:
        cpu, rate = cost(server, lambda: h2load(server.port, "/", seconds, bench.cores.load))
        return {"cpu_us": cpu, "rps": rate}

    return interleaved(
        [name for name in names if name in TLS_TARGETS],
        lambda name: TARGETS[name](bench, Work("tls", key="ecdsa")),
        effort,
        measure,
    )


def h2c(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers of an origin that speaks HTTP/2, to HTTP/1 on 64 connections and HTTP/2 on 16 with 10 at once."""
    works = {"h1": Work("h1-h2c", origin="h2c"), "h2": Work("h2-h2c", origin="h2c", http2=True)}

    def measure(server: Server, kind: str, seconds: float) -> Row:
        if kind == "h1":
            return {"cpu_us_h1": throughput(bench, server, "/", seconds)["cpu_us"]}
        cpu, _ = cost(server, lambda: h2load(server.port, "/", seconds, bench.cores.load, secure=False))
        return {"cpu_us_h2": cpu}

    origin = origins.start(bench, "h2c")
    try:
        return _each(bench, names, CLEAR_TARGETS, works, effort, measure)
    finally:
        origin.stop()


def grpc(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """Messages of 100 bytes there and back: one a call, and a thousand in each of 160 calls that go on side by side."""
    program = bench.native("grpc_load")

    def measure(server: Server, kind: str, seconds: float) -> Row:
        row = {}
        for key, mode in (("cpu_us_call", "unary"), ("cpu_us_message", "stream")):
            row[key], _ = cost(
                server, lambda: own_load(program, server.port, seconds, bench.cores.load, mode, 16, 10, 100)
            )
        return row

    origin = origins.start(bench, "h2c")
    try:
        work = Work("grpc", origin="h2c", http2=True)
        return _each(bench, names, CLEAR_TARGETS, {"grpc": work}, effort, measure)
    finally:
        origin.stop()


def handshakes(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """Connections of one small answer each: handshakes in a second of CPU, full with either kind of key, and resumed."""
    program = bench.native("handshakes")
    works = {kind: Work(f"handshakes-{kind}", key=kind, origin="none") for kind in ("ecdsa", "rsa")}

    def measure(server: Server, kind: str, seconds: float) -> Row:
        modes = {f"{kind}_per_cpu_s": "full"} | ({"resumed_per_cpu_s": "resumed"} if kind == "ecdsa" else {})
        row = {}
        for key, mode in modes.items():
            cpu, _ = cost(server, lambda: own_load(program, server.port, seconds, bench.cores.load, mode))
            row[key] = 1e6 / cpu
        return row

    return _each(bench, names, TLS_TARGETS, works, effort, measure)


def websocket(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """Messages to an echo and back, one at a time on each connection: 64 bytes on 64 connections, 64 KiB on 16."""
    program = bench.native("ws_load")

    def measure(server: Server, kind: str, seconds: float) -> Row:
        row = {}
        for size, connections, key in ((64, 64, "cpu_us_64"), (65536, 16, "cpu_us_64k")):
            row[key], _ = cost(
                server, lambda: own_load(program, server.port, seconds, bench.cores.load, connections, size)
            )
        return row

    origin = origins.start(bench, "websocket")
    try:
        work = Work("websocket", origin="websocket")
        return _each(bench, names, CLEAR_TARGETS, {"websocket": work}, effort, measure)
    finally:
        origin.stop()


def _each(
    bench: Bench,
    names: list[str],
    able: tuple[str, ...],
    works: dict[str, Work],
    effort: Effort,
    measure: Callable[[Server, str, float], Row],
) -> Rows:
    """Every proxy of `names` that is `able`, started once for each of `works`; the figures of a proxy are one row."""
    chosen = [name for name in names if name in able]
    return in_parts(chosen, works, lambda name, kind: TARGETS[name](bench, works[kind]), effort, measure)
