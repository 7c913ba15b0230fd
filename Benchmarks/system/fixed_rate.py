"""Latency at a fixed rate: an open-loop client that counts from the moment a request was due, not from its sending."""

import select
import socket
import time
from collections import deque

from clients import is_whole
from processes import BenchError

REQUEST = b"GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n"


def percentile(ordered: list[float], rank: float) -> float:
    """The nearest-rank percentile of an ascending list."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * rank / 100))]


def latency_at_rate(port: int, rate: int, seconds: float, clients: int = 32) -> tuple[float, float]:
    """p50 and p99 in milliseconds of `rate` requests a second over `clients` keep-alive connections.

    A proxy that stalls makes later requests wait for a free connection, and that wait is part of their time. The
    client's own cost (some 0.05 ms a request) is the same for all. wrk has no rate, and h2load 1.52 ignores its own
    with HTTP/1.1.
    """
    connections = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(clients)]
    try:
        return _run(connections, rate, seconds)
    finally:
        for connection in connections:
            connection.close()


def _run(connections: list[socket.socket], rate: int, seconds: float) -> tuple[float, float]:
    poller, by_descriptor = select.epoll(), {}
    for connection in connections:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poller.register(connection, select.EPOLLIN)
        by_descriptor[connection.fileno()] = connection
    idle, due, times, parts = deque(connections), {}, [], {}
    total, sent = int(rate * seconds), 0
    began = time.perf_counter()
    while len(times) < total:
        now = time.perf_counter()
        if now - began > seconds + 10:
            raise BenchError(f"only {len(times)} of {total} requests at {rate}/s were answered")
        while sent < total and idle and began + sent / rate <= now:
            connection = idle.popleft()
            due[connection] = began + sent / rate
            sent += 1
            connection.sendall(REQUEST)
        # Asking without waiting while requests are due keeps the schedule; epoll's own timer is a millisecond coarse.
        for descriptor, _ in poller.poll(0 if sent < total else 0.05):
            connection = by_descriptor[descriptor]
            piece = connection.recv(65536)
            answer = parts.pop(connection, b"") + piece
            if not piece or not answer.startswith(b"HTTP/1.1 200"):
                raise BenchError(f"a request at {rate}/s was answered with {answer[:60]!r}")
            if not is_whole(answer):
                parts[connection] = answer
                continue
            times.append((time.perf_counter() - due.pop(connection)) * 1000)
            idle.append(connection)
    times.sort()
    return percentile(times, 50), percentile(times, 99)
