"""Instructions of a request in user mode: the same on every run, however busy the machine is. Needs Valgrind."""

import re
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from clients import is_whole, wait_until_answers
from processes import BenchError, Server, tool
from proxies import traefik
from setting import Bench

WARM_UP, COUNTED = 50, 200
"""Requests on one connection before a count, and those that are counted."""


def per_request(
    bench: Bench, routes: str, hosts: dict[str, str], path: str, headers: dict[str, str]
) -> dict[str, float]:
    """What a GET costs Martinet for each of these hosts, by the names they have in `hosts`; the first one's route is
    waited for."""
    bare, counts = bench.folder / "martinet-bare", bench.folder / "instructions"
    # Valgrind gives up on the compiler's debug information.
    subprocess.run(["strip", "-g", "-o", str(bare), str(bench.martinet)], check=True, timeout=120)
    valgrind = [tool("valgrind"), "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={counts}"]
    server = traefik.start_with(replace(bench, martinet=bare), "martinet", routes, "instructions", under=valgrind)
    try:
        wait_until_answers(server, next(iter(hosts.values())), path, pause=0.2)
        _control(server, "--instr=on")
        found = {}
        with socket.create_connection(("127.0.0.1", server.port), 30) as client:
            for number, (name, host) in enumerate(hosts.items()):
                lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
                request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()
                _ask(client, request, WARM_UP)
                _control(server, "--zero")
                _ask(client, request, COUNTED)
                _control(server, "--dump")
                found[name] = _total(Path(f"{counts}.{number + 1}")) / COUNTED
        return found
    finally:
        server.stop()


def _ask(client: socket.socket, request: bytes, times: int) -> None:
    """One request after the other, each answered with 200."""
    for _ in range(times):
        client.sendall(request)
        answer = b""
        while not is_whole(answer):
            piece = client.recv(65536)
            if not piece:
                raise BenchError(f"the connection was closed after {answer[-300:]!r}")
            answer += piece
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise BenchError(f"instead of 200 there was {answer[:100]!r}")


def _control(server: Server, order: str) -> None:
    command = [tool("callgrind_control"), order, str(server.process.pid)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode:
        raise BenchError(f"callgrind_control {order} failed: {run.stdout}{run.stderr}")


def _total(file: Path) -> int:
    """The sum of a dump, which is complete a moment after it was asked for."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        found = re.search(r"^(?:summary|totals): (\d+)$", file.read_text(), re.M) if file.exists() else None
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise BenchError(f"{file} holds no count")
