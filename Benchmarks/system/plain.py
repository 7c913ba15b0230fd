"""HTTP/1 in clear: small answers, large bodies, idle connections."""

import time
from pathlib import Path

from clients import IdleConnections, wait_until_answers, wrk
from fixed_rate import latency_at_rate
from processes import Server
from rounds import Effort, Row, Rows, cost, interleaved, medians, say
from setting import Bench, Work
from targets import TARGETS

HERE = Path(__file__).parent

FIXED_RATE = 1000
"""Requests a second at which latency is compared: every proxy bears it with one thread on a small machine."""

IDLE = 2_000


def throughput(
    bench: Bench, server: Server, path: str, seconds: float, connections: int = 64, **options: object
) -> Row:
    """CPU microseconds of the proxy per request, and requests per second, under full keep-alive load."""
    cpu, rate = cost(server, lambda: wrk(server.port, path, seconds, bench.cores.load, connections, **options))
    return {"cpu_us": cpu, "rps": rate}


def small(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 64 keep-alive connections, then latency at a fixed rate, then resident memory."""

    def measure(server: Server, seconds: float) -> Row:
        row = throughput(bench, server, "/", seconds)
        p50, p99 = latency_at_rate(server.port, FIXED_RATE, seconds)
        return row | {"p50_ms": p50, "p99_ms": p99, "rss_mib": server.memory_kib() / 1024}

    return interleaved(names, lambda name: TARGETS[name](bench, Work()), effort, measure)


def down(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """One megabyte from the origin to the client, 16 connections."""
    return interleaved(
        names,
        lambda name: TARGETS[name](bench, Work()),
        effort,
        lambda server, seconds: throughput(bench, server, "/1m", seconds, 16),
    )


def up(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """One megabyte from the client to the origin, 16 connections."""
    return interleaved(
        names,
        lambda name: TARGETS[name](bench, Work()),
        effort,
        lambda server, seconds: throughput(bench, server, "/up", seconds, 16, script=HERE / "upload.lua"),
    )


def idle(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """Memory of one idle keep-alive connection that has had one answer, over 2,000, in a fresh process each round."""
    samples: dict[str, list[Row]] = {name: [] for name in names}
    for turn in range(min(effort.rounds, 3)):
        for name in names:
            server = TARGETS[name](bench, Work())
            try:
                wait_until_answers(server)
                IdleConnections(server.port, 100).close()
                time.sleep(0.5)
                before = server.memory_kib("Pss")
                connections = IdleConnections(server.port, IDLE)
                time.sleep(1.5)
                kept = connections.count_open()
                row = {"kib_per_connection": (server.memory_kib("Pss") - before) / max(kept, 1), "kept": float(kept)}
                connections.close()
            finally:
                server.stop()
            samples[name].append(row)
            say(f"round {turn + 1} {name}: {row['kib_per_connection']:.2f} KiB, {kept} kept")
    return medians(samples)
