"""The proxies that are compared."""

import re
import subprocess
from collections.abc import Callable

from processes import BenchError, Server, tool
from proxies import caddy, envoy, haproxy, nginx, traefik
from setting import Bench, Work

TARGETS: dict[str, Callable[[Bench, Work], Server]] = {
    "martinet": lambda bench, work: traefik.start(bench, "martinet", work),
    "nginx": nginx.start,
    "haproxy": haproxy.start,
    "traefik": lambda bench, work: traefik.start(bench, "traefik", work),
    "traefik-fast": lambda bench, work: traefik.start(bench, "traefik-fast", work),
    "caddy": caddy.start,
    "envoy": envoy.start,
}
"""Every proxy that can be compared, in the order of the tables; `traefik-fast` has `experimental.fastProxy` on."""

TLS_TARGETS = ("martinet", "nginx", "haproxy", "traefik")
"""Those of them that are compared over TLS."""

CLEAR_TARGETS = (*TLS_TARGETS, "envoy")
"""Those of them that are compared with HTTP/2 in clear, gRPC and WebSockets."""

COMPRESSING_TARGETS = ("martinet", "nginx", "traefik")
"""Those of them whose compression is compared."""

EQUAL_WORKERS = (
    "martinet MARTINET_THREADS=1, nginx worker_processes 1, haproxy nbthread 1, traefik and caddy GOMAXPROCS=1, "
    "envoy --concurrency 1; all proxies pinned to one core, origin and load to another"
)


def version_of(bench: Bench, name: str) -> str:
    """The version a program reports, or `?`."""
    commands = {
        "martinet": [str(bench.martinet), "version"],
        "nginx": ["nginx", "-v"],
        "haproxy": ["haproxy", "-v"],
        "traefik": [str(bench.venv / "bin/traefik"), "version"],
        "caddy": [str(bench.venv / "bin/caddy"), "version"],
        "envoy": [str(bench.venv / "bin/envoy"), "--version"],
    }
    command = commands.get(name.removesuffix("-fast"), [])
    try:
        command = [tool(command[0]) if "/" not in command[0] else command[0], *command[1:]]
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, IndexError, BenchError, subprocess.TimeoutExpired):
        return "?"
    match = re.search(r"\d+\.\d+\.\d+", run.stdout + run.stderr)
    return match.group(0) if match else "?"
